"""What the repositories of these tests hold."""

from __future__ import annotations

SETTINGS = """\
select: [image-not-pinned, privileged-container, host-network, workload-without-network-policy]
overrides: [{paths: [charts], ignore: [workload-without-network-policy]}]
"""
COMPOSE = """\
services:
  web:
    image: web:latest
    environment:
      MODE: one
  api:
    image: api:latest
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app: shop}}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: app
          image: shop:1.2.3
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop}
spec:
  podSelector: {matchLabels: {app: shop}}
  policyTypes: [Ingress, Egress]
"""
CHART = """\
apiVersion: v2
name: shop
version: 1.0.0
"""
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "name" . }}
  labels: {chart: "{{ .Chart.Name }}-{{ .Chart.Version }}"}
spec:
  containers:
    - name: app
      image: {{ .Values.image }}
{{ include "more" . | indent 6 }}
"""
HELPERS = '{{ define "name" }}shop{{ end }}\n{{ define "more" }}securityContext: {privileged: false}{{ end }}\n'


def chart(folder: str, **more: str) -> dict[str, str | bytes | None]:
    return {
        f"{folder}/Chart.yaml": CHART,
        f"{folder}/values.yaml": "replicas: 1\nimage: web:1.2.3\n",
        f"{folder}/templates/pod.yaml": POD,
        f"{folder}/templates/_helpers.tpl": HELPERS,
    } | dict(more)
