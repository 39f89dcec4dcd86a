"""An example or two of every verb, for its help and for docs/cli.md."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "annotate": ("svcnet annotate svc web note='kept for the old clients'",),
    "api-resources": ("svcnet api-resources --api-group=networking.k8s.io",),
    "api-versions": ("svcnet api-versions",),
    "apply": ("svcnet apply -f manifests/", "svcnet apply -f web.yaml --server-side"),
    "apply edit-last-applied": ("svcnet apply edit-last-applied svc/web",),
    "apply set-last-applied": ("svcnet apply set-last-applied -f web.yaml",),
    "apply view-last-applied": ("svcnet apply view-last-applied svc/web -o json",),
    "cluster-info": ("svcnet cluster-info",),
    "completion": ("source <(svcnet completion bash)",),
    "config current-context": ("svcnet config current-context",),
    "config get-clusters": ("svcnet config get-clusters",),
    "config get-contexts": ("svcnet config get-contexts -o name",),
    "config get-users": ("svcnet config get-users",),
    "config use-context": ("svcnet config use-context svcnet",),
    "config view": ("svcnet config view -o jsonpath='{.clusters[0].cluster.server}'",),
    "cordon": ("svcnet cordon n1",),
    "create": ("svcnet create -f web.yaml",),
    "create deployment": ("svcnet create deployment web --image=nginx --replicas=3 --port=80",),
    "create namespace": ("svcnet create namespace shop",),
    "create configmap": ("svcnet create configmap settings --from-literal=mode=fast",),
    "create secret generic": ("svcnet create secret generic access --from-literal=token=abc",),
    "create serviceaccount": ("svcnet create serviceaccount bot",),
    "create node": ("svcnet create node n4 --zone=zone-b",),
    "create service clusterip": (
        "svcnet create service clusterip web --tcp=80:8080",
        "svcnet create service clusterip db --clusterip=None",
    ),
    "create service externalname": (
        "svcnet create service externalname db --external-name=db.example.com",
    ),
    "create service loadbalancer": ("svcnet create service loadbalancer web --tcp=443:8443",),
    "create service nodeport": (
        "svcnet create service nodeport web --tcp=80:8080 --node-port=30080",
    ),
    "delete": ("svcnet delete svc web", "svcnet delete all -l app=web"),
    "describe": ("svcnet describe svc web", "svcnet describe pods -l app=web"),
    "diff": ("svcnet diff -f web.yaml",),
    "drain": ("svcnet drain n1 --ignore-daemonsets",),
    "edit": ("KUBE_EDITOR=nano svcnet edit svc/web",),
    "explain": ("svcnet explain service.spec.trafficDistribution",),
    "expose": (
        "svcnet expose deployment web --port=80 --target-port=8080",
        "svcnet expose deployment web --name=web-public --type=LoadBalancer --port=443",
    ),
    "get": (
        "svcnet get svc,endpointslices -o wide",
        "svcnet get svc web -o jsonpath='{.spec.clusterIP}'",
        "svcnet get pods -A -l 'app in (web,api)' --sort-by=.spec.nodeName",
    ),
    "import": ("kubectl get nodes,svc,endpointslices -A -o json | svcnet import -f -",),
    "init": (
        "svcnet init --nodes n1:zone-a,n2:zone-b",
        "svcnet init --nodes n1,n2 --service-cluster-ip-range 10.96.0.0/16,fd00:10:96::/112 "
        "--cluster-cidr 10.244.0.0/16,fd00:10:244::/56 --force",
    ),
    "label": ("svcnet label svc web tier=front env-",),
    "patch": (
        """svcnet patch svc web -p '{"spec":{"externalTrafficPolicy":"Local"}}'""",
        """svcnet patch svc web --subresource=status --type=merge -p """
        """'{"status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.7"}]}}}'""",
    ),
    "replace": ("svcnet replace -f web.yaml",),
    "rollout history": ("svcnet rollout history deployment/web",),
    "rollout pause": ("svcnet rollout pause deployment/web",),
    "rollout restart": ("svcnet rollout restart deployment/web",),
    "rollout resume": ("svcnet rollout resume deployment/web",),
    "rollout status": ("svcnet rollout status deployment/web --timeout=30s",),
    "rollout undo": ("svcnet rollout undo deployment/web --to-revision=1",),
    "rules": (
        "svcnet rules --node n1",
        "svcnet rules --node n2 --proxy-mode nftables --ip-family ipv6",
        "svcnet rules --node n1 -f web.yaml",
    ),
    "run": ("svcnet run shell --image=busybox --labels=app=shell",),
    "scale": ("svcnet scale deployment/web --replicas=5",),
    "set env": ("svcnet set env deployment/web LEVEL=debug",),
    "set image": ("svcnet set image deployment/web nginx=nginx:1.28",),
    "set resources": ("svcnet set resources deployment/web --requests=cpu=100m,memory=64Mi",),
    "set selector": ("svcnet set selector svc web app=web,version=green",),
    "set serviceaccount": ("svcnet set serviceaccount deployment/web runner",),
    "set-condition": (
        "svcnet set-condition pod/web-0 --ready=false",
        "svcnet set-condition node/n1 --ready=false",
    ),
    "taint": ("svcnet taint nodes n1 dedicated=db:NoSchedule",),
    "uncordon": ("svcnet uncordon n1",),
    "version": ("svcnet version --client -o json",),
    "wait": (
        "svcnet wait deployment/web --for=condition=Available --timeout=60s",
        "svcnet wait svc/web --for=jsonpath='{.status.loadBalancer.ingress}'",
    ),
}
"""By the words of the verb; what is to be typed."""
