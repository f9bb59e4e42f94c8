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
{{- range $name, $value := .Values.settings }}
- {name: PAGEMILL_{{ upper $name }}, value: {{ kindIs "slice" $value | ternary (toJson $value) (toString $value) | quote }}}
{{- end }}
{{- end }}

{{- define "pagemill.mounts" -}}
- {name: passwords, mountPath: /run/secrets/pagemill, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "pagemill.volumes" -}}
- name: passwords
  secret: {secretName: {{ include "pagemill.secret" . }}, defaultMode: 0440}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}  # the language model alone is unpacked to 65 MiB in a temporary file
{{- end }}
