"""Names that no code uses, and that stay all the same: `make dead` takes them for used.

A tuple a reason.  What only tests use is dead, too, and does not belong here.
"""

from __future__ import annotations


class _Anything:
    def __getattr__(self, name: str) -> None:
        """Have any name: pytest imports this module like all others."""


_ = _Anything()

# Verbs: `cli/command/tree.py` names them, and the one that is asked for is imported.
(
    _.annotate,
    _.api_resources,
    _.api_versions,
    _.apply_edit_last_applied,
    _.apply_set_last_applied,
    _.apply_view_last_applied,
    _.cluster_info,
    _.completion,
    _.config_current_context,
    _.config_get_clusters,
    _.config_get_contexts,
    _.config_get_users,
    _.config_use_context,
    _.config_view,
    _.cordon,
    _.create_configmap,
    _.create_cronjob,
    _.create_deployment,
    _.create_job,
    _.create_namespace,
    _.create_node,
    _.create_secret_generic,
    _.create_service_clusterip,
    _.create_service_externalname,
    _.create_service_loadbalancer,
    _.create_service_nodeport,
    _.create_serviceaccount,
    _.describe,
    _.diff,
    _.docs,
    _.drain,
    _.explain,
    _.import_,
    _.init,
    _.rollout_history,
    _.rollout_pause,
    _.rollout_restart,
    _.rollout_resume,
    _.rollout_status,
    _.rollout_undo,
    _.set_condition,
    _.set_resources,
    _.set_selector,
    _.set_serviceaccount,
    _.uncordon,
)

# Describers: `cli/describe/describers.py` names them in the same way.
(
    _.anything,
    _.autoscaler,
    _.config_map,
    _.cron_job,
    _.daemon_set,
    _.disruption_budget,
    _.endpoint_slice,
    _.ingress_class,
    _.network_policy,
    _.priority_class,
    _.replication_controller,
    _.resource_quota,
    _.role_binding,
    _.service_account,
    _.stateful_set,
    _.storage_class,
)

# Settings of kube-proxy that no rule shows: a file may give them, and is refused for others.
(
    _.accept_content_types,
    _.bind_address_hard_fail,
    _.content_type,
    _.enable_dsr,
    _.enable_profiling,
    _.exclude_cidrs,
    _.forward_health_check_vip,
    _.hostname_override,
    _.ipvs,
    _.logging,
    _.network_name,
    _.port_range,
    _.qps,
    _.root_hns_endpoint_name,
    _.scheduler,
    _.show_hidden_metrics_for_version,
    _.source_vip,
    _.strict_arp,
    _.tcp_close_wait_timeout,
    _.tcp_established_timeout,
    _.tcp_fin_timeout,
    _.tcp_timeout,
    _.udp_stream_timeout,
    _.udp_timeout,
    _.windows_run_as_service,
    _.winkernel,
)

# Fields that are asked for by name: `getattr()` over the tables beside them.
(
    _.max_surge,
    _.daemons,
    _.local_data,
    _.unmanaged,
)

# What rich looks for in a highlighter.
(
    _.base_style,
    _.highlights,
)

# SQLAlchemy calls it for every new connection.
(_.connected,)
# Tests of controllers and of the store drive a transaction by hand, and ask it what it holds.
(
    _.claimed_by,
    _.settled,
)

# Controllers: `control/manager.py` names them, and those that have work are imported.
(
    _.__call__,  # of `Lazy`, which stands for them
    _.allocate_pod_cidrs,
    _.collect_garbage,
    _.schedule_pods,
    _.protect_volumes,
    _.sync_daemonsets,
    _.sync_deployments,
    _.sync_endpoints,
    _.sync_endpointslices,
    _.sync_ephemeral_volumes,
    _.sync_jobs,
    _.sync_load_balancers,
    _.sync_mirrored_endpoints,
    _.sync_namespaces,
    _.sync_service_accounts,
    _.sync_api_services,
    _.publish_root_ca,
    _.sync_nodes,
    _.sync_persistent_volumes,
    _.sync_replicasets,
    _.sync_service_cidrs,
    _.sync_statefulsets,
)

# Rules: `api/validation/objects.py` names them, and imports those of the kinds that are checked.
(
    _.check_autoscaler,
    _.check_claim,
    _.check_config_map_update,
    _.check_cron_job,
    _.check_daemon_set_update,
    _.check_deployment_update,
    _.check_disruption_budget,
    _.check_endpoint_slice_update,
    _.check_endpoints,
    _.check_ingress,
    _.check_ingress_class,
    _.check_ingress_update,
    _.check_ip_address_update,
    _.check_job,
    _.check_job_update,
    _.check_lease,
    _.check_priority_class,
    _.check_network_policy,
    _.check_node_update,
    _.check_pod,
    _.check_pod_template_object,
    _.check_pod_update,
    _.check_priority_class_update,
    _.check_definition_update,
    _.check_replica_set_update,
    _.check_replication_controller,
    _.check_role,
    _.check_role_binding_update,
    _.check_secret_update,
    _.check_service_cidr_update,
    _.check_stateful_set,
    _.check_stateful_set_update,
    _.check_storage_class,
)

# docs/write_reference.py prints it.
(_.man_page,)
# Defaults of kinds that are seldom met: `api/defaulting.py` names them.
(
    _.validating_webhooks,
    _.mutating_webhooks,
    _.admission_policy,
    _.admission_policy_binding,
    _.flow_schema,
    _.priority_level,
    _.csi_driver,
    _.resource_claim,
    _.resource_claim_template,
)
