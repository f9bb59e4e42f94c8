{{- /* What every pod has: no root, no service links (they would be PAGEMILL_* variables), no token. */}}
{{- define "pagemill.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 75
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .group }}
  fsGroup: {{ .user }}
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "pagemill.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ .readOnly }}
  capabilities: {drop: [ALL]}
{{- end }}

{{- /* The variables that all of our processes read. */}}
{{- define "pagemill.settings" -}}
- {name: PAGEMILL_REDIS_URL, value: {{ .Values.redis.url | default (printf "redis://%s-redis:6379/0" (include "pagemill.name" .)) | quote }}}
- {name: PAGEMILL_SEARCH_URL, value: {{ .Values.elasticsearch.url | default (printf "http://pagemill@%s-elasticsearch:9200" (include "pagemill.name" .)) | quote }}}
- {name: PAGEMILL_SECRETS, value: /run/secrets/pagemill}
- {name: PAGEMILL_LOG_FORMAT, value: json}
{{- if .Values.elasticsearch.caSecret }}
- {name: PAGEMILL_SEARCH_CA_FILE, value: /etc/pagemill/search/ca.crt}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: PAGEMILL_{{ upper $name }}, value: {{ include "pagemill.value" $value | quote }}}
{{- end }}
{{- end }}

{{- /* A setting as it is written in a variable. Numbers of a values file are floats: a million would be 1e+06. */}}
{{- define "pagemill.value" -}}
{{- if kindIs "slice" . }}{{ toJson . }}
{{- else if and (kindIs "float64" .) (eq (float64 (int64 .)) .) }}{{ int64 . }}
{{- else }}{{ toString . }}
{{- end }}
{{- end }}

{{- define "pagemill.mounts" -}}
- {name: passwords, mountPath: /run/secrets/pagemill, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- if .Values.elasticsearch.caSecret }}
- {name: search-ca, mountPath: /etc/pagemill/search, readOnly: true}
{{- end }}
{{- end }}

{{- define "pagemill.authority" -}}
{{- if .Values.elasticsearch.caSecret }}
- name: search-ca
  secret: {secretName: {{ .Values.elasticsearch.caSecret }}, items: [{key: ca.crt, path: ca.crt}], defaultMode: 0440}
{{- end }}
{{- end }}

{{- define "pagemill.volumes" -}}
- name: passwords
  secret: {secretName: {{ include "pagemill.secret" . }}, defaultMode: 0440}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}  # the language model alone is unpacked to 65 MiB in a temporary file
{{- include "pagemill.authority" . }}
{{- end }}
