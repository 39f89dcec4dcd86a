"""From Services and pods to EndpointSlices and Endpoints."""
