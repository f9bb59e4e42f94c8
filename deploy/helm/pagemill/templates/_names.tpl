{{- define "pagemill.name" -}}
{{- if contains "pagemill" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-pagemill" (.Release.Name | trunc 30 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "pagemill.labels" -}}
app.kubernetes.io/name: pagemill
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "pagemill.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* What set-up alone may know: the superuser's password, and the first key. */}}
{{- define "pagemill.setupSecret" -}}
{{ .Values.secrets.existingSetup | default (printf "%s-setup" (include "pagemill.name" .)) }}
{{- end }}

{{- define "pagemill.secret" -}}
{{ .Values.secrets.existing | default (printf "%s-passwords" (include "pagemill.name" .)) }}
{{- end }}

{{- /* Where a part is reached inside the cluster, with its whole name: nginx completes none. */}}
{{- define "pagemill.address" -}}
{{ include "pagemill.name" .root }}-{{ .part }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.gateway.clusterDomain }}:{{ .port }}
{{- end }}
