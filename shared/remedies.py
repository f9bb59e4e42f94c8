"""What to do about each problem; served at `/problems/CODE` and printed in docs/problems.md."""

from typing import Final

REMEDIES: Final[dict[str, str]] = {
    "unreadable": "The body is not what its Content-Type and Content-Encoding say: broken JSON, text that is not "
    "UTF-8, compressed data that was cut. Send it as it should be; sending the same again will not help.",
    "unauthorized": "Send `Authorization: Bearer KEY` with a key from `pagemill keys add`; docs/keys.md has more. On "
    "loopback none is needed, but one that is sent has to be right.",
    "forbidden": "Use a key whose scope covers this address.",
    "unknown-host": "Call the service by localhost, by the host in PAGEMILL_LISTEN, or by a name in "
    "PAGEMILL_ALLOWED_HOSTS. This keeps web pages from reaching the service through a name of their own.",
    "foreign-origin": "Add the origin of the calling site to PAGEMILL_CORS_ORIGINS.",
    "not-found": "Look at /docs for the addresses that there are.",
    "page-not-found": "No page of this id was ever accepted, or it was so long ago that nothing is kept of it. The "
    "id of a page is in the answer to its post; a page that came with a URL is found by `GET /v1/pages?url=`.",
    "document-not-found": "The page is not searchable: see its receipt at `/v1/pages/ID`.",
    "raw-not-kept": "Raw pages are let go after PAGEMILL_ARCHIVE_DAYS or beyond PAGEMILL_ARCHIVE_MAX_BYTES, and at "
    "once when a page is deleted. Fetch the page anew.",
    "dead-letter-not-found": "It was sent again, discarded or deleted meanwhile, or never was one.",
    "block-not-found": "The site repeats no block of this id, or does not any more. `GET /v1/monitor/sites/HOST` lists "
    "those there are.",
    "saved-search-not-found": "It was deleted, or never saved: `GET /v1/saved-searches` lists those that there are.",
    "method-not-allowed": "The Allow header names the methods of this address.",
    "slow-client": "Its headers, or the next byte of its body, did not come within PAGEMILL_SLOW_CLIENT_SECONDS. Send "
    "it again.",
    "headers-too-large": "The address and the headers together have more than PAGEMILL_HEADERS_MAX_BYTES. Long queries "
    "go in the body of `POST /v1/search`.",
    "idempotency-running": "Another request with this Idempotency-Key has not been answered yet. Wait for the seconds "
    "in Retry-After, then send the same again.",
    "saved-searches-full": "Delete saved searches that nobody needs, or set PAGEMILL_SAVED_SEARCHES_MAX higher.",
    "cursor-expired": "Begin again without a cursor. One is held for PAGEMILL_CURSOR_IDLE_SECONDS after its last use, "
    "and while the index has not been in more than PAGEMILL_SNAPSHOTS_MAX states since that somebody asked for.",
    "export-expired": "Begin it again, without `export` and `offset`. It is held for PAGEMILL_EXPORT_IDLE_SECONDS "
    "after the last byte was read; on the embedded engine it outlives a restart where the data folder has hard links.",
    "export-mismatch": "Send the parameters that it was begun with, beside `export` and `offset` or `wait`.",
    "searches-full": "PAGEMILL_SEARCHES_MAX searches are being worked at, and two seconds later still were. Send again "
    "after the seconds in Retry-After.",
    "exports-full": "PAGEMILL_EXPORTS_MAX exports are being read, or were until a moment ago. Wait for the seconds in "
    "Retry-After; `DELETE /v1/export?export=TOKEN` lets one go that is not needed any more.",
    "rebuild-running": "One thing at a time is asked of the index. `GET /v1/monitor/index` says how far it has got; "
    "`POST /v1/monitor/index/cancel` ends it.",
    "no-rebuild": "There is nothing to end. `GET /v1/monitor/index` says how the last one ended.",
    "page-too-large": "One page is larger than PAGEMILL_PAGE_MAX_BYTES.",
    "request-too-large": "The body, inflated or as sent, is larger than PAGEMILL_REQUEST_MAX_BYTES. Many pages go to "
    "/v1/pages/batch.",
    "batch-too-large": "The batch, inflated or as sent, is larger than PAGEMILL_BATCH_MAX_BYTES. Split it; "
    "`pagemill post` does.",
    "too-many-items": "The batch has more items than PAGEMILL_BATCH_MAX_ITEMS, or than PAGEMILL_ARRAY_MAX_ITEMS in a "
    "JSON array. What came before was taken; send the rest as a batch of its own.",
    "inflates-too-far": "Compressed bodies may inflate to PAGEMILL_INFLATE_MAX_RATIO times their size. Compress less, "
    "or not at all.",
    "unsupported-media-type": "Set Content-Type to one that the address reads; see /docs.",
    "unsupported-encoding": "Use one Content-Encoding of gzip, zstd, br and deflate, or none.",
    "unsupported-transfer-encoding": "Send the body with Content-Length, or in chunks without another coding; "
    "compress with Content-Encoding.",
    "invalid": "`pointer` says where: a JSON pointer into the body, or /query/NAME, /path/NAME, /header/NAME. "
    "`detail` says what was sent and what is expected.",
    "fetched-in-the-future": "`fetched_at` may be ahead of the service's clock by PAGEMILL_CLOCK_SKEW_SECONDS. Set "
    "the sender's clock.",
    "nested-too-deep": "Lists and objects may lie in one another PAGEMILL_JSON_MAX_DEPTH times.",
    "idempotency-mismatch": "This Idempotency-Key was used for another request. Use a fresh key for each request, and "
    "the old one only to send the same again.",
    "page-rejected": "Nothing can be made of this page; `reason` says why. Sent to the house it would end as a dead "
    "letter of the same reason.",
    "cleaning-failed": "In `pagemill clean`, the page took longer or more memory than PAGEMILL_PAGE_SECONDS and "
    "PAGEMILL_PAGE_MEMORY_MIB allow, or broke the process that worked on it.",
    "preview-failed": "The page took longer or more memory than a preview may (PAGEMILL_PREVIEW_SECONDS, "
    "PAGEMILL_PAGE_MEMORY_MIB), or broke the process that worked on it.",
    "cursor-mismatch": "A cursor goes on with the request that gave it: repeat its other parameters as they were.",
    "query-too-long": "`q` may have PAGEMILL_QUERY_MAX_CHARS characters.",
    "query-too-complex": "`limit` names the setting: PAGEMILL_QUERY_MAX_DEPTH, PAGEMILL_QUERY_MAX_CLAUSES, "
    "PAGEMILL_QUERY_MAX_WILDCARDS, PAGEMILL_QUERY_WILDCARD_MIN_CHARS, PAGEMILL_QUERY_MAX_PHRASE_WORDS or "
    "PAGEMILL_QUERY_MAX_NEAR_WORDS; `position` says where `q` goes beyond it. With mode=lenient the rest is left out "
    "or read as words.",
    "query-syntax": "`position` says where in `q`. With mode=lenient what cannot be parsed is searched as text.",
    "line-full": "More pages wait than PAGEMILL_LINE_MAX_PAGES or PAGEMILL_LINE_MAX_BYTES allow, Redis is nearly "
    "full, or the search engine is about to refuse writes. Nothing of the request was kept; send it again after "
    "the seconds in Retry-After.",
    "rate-limited": "Send again after the seconds in Retry-After.",
    "internal": "This is our fault. The service's log has more under the request_id of the answer.",
    "unavailable": "Something that the service needs is away; /readyz says what. Send again after the seconds in "
    "Retry-After.",
}
