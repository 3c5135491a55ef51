# A CDN in front of Marquee, as a Varnish 6 or 7 with varnish-modules (xkey). README.md says who caches what for how long.
#
# Three rules:
#   1. Only paths that are named here are looked up. Everything else is passed, cookies and all, and never kept.
#   2. Of those, only what the API itself calls public is kept, and nothing with a cookie in it.
#   3. What is kept outlives the API: while that is away it is given on, marked by Stale-Seconds.
vcl 4.1;

import std;
import xkey;

include "origin.vcl";
include "shop.vcl";

sub vcl_recv {
  if (req.restarts == 0) {
    # Ours alone; nobody outside has a say.
    unset req.http.x-any-age;
    unset req.http.x-stale-for;
  }
  if (req.method == "PURGE") {
    call authorise_purge;
    call drop_keys;
    return (synth(200, "Purged"));
  }
  # Server-Sent Events have no end, so they cannot be fetched; they are let through byte for byte.
  if (req.url ~ "^/v1/shows/[^/?]+/seats/stream(\?|$)") {
    return (pipe);
  }
  if (req.method != "GET" && req.method != "HEAD") {
    return (pass);
  }
  # Whoever comes through a channel shows a code, and sees seats that others do not.
  if (req.url ~ "[?&]channel=") {
    return (pass);
  }
  # The page of one ticket, and whatever a path here does not name, is not kept.
  if (req.url ~ "^/(search)?(\?|$)" || req.url ~ "^/(shows|titles|venues)/[^/?]+(\?|$)") {
    # Whoever chooses a language by a link is given a cookie with it.
    if (req.url ~ "[?&]lang=") {
      return (pass);
    }
    call choose_language;
  } else if (req.url !~ "^/v1/(search|suggest)(\?|$)"
      && req.url !~ "^/v1/(shows|titles|venues|layouts|posters)/[^/?]+(\?|$)"
      && req.url !~ "^/v1/shows/[^/?]+/(seats|line)(\?|$)"
      && req.url !~ "^/(docs|assets)(/|\?|$)"
      && req.url !~ "^/openapi\.json(\?|$)") {
    return (pass);
  }
  # From here on the answer is the same for everybody: no cookie, token or key can change it, or get into it.
  unset req.http.cookie;
  unset req.http.authorization;
  call normalise_query;
  call bound_age;
  return (hash);
}

# Keys are words with spaces in between, as the API writes them into Surrogate-Key. While the API can answer, what they name is gone:
# a soft purge would show it once more to the next who asks. While it cannot, they are only old, and better than nothing.
sub drop_keys {
  if (std.healthy(req.backend_hint)) {
    set req.http.x-purged = xkey.purge(req.http.surrogate-key);
  } else {
    set req.http.x-purged = xkey.softpurge(req.http.surrogate-key);
  }
}

# The same question is one object, however it is written, and what the API does not read makes no object of its own.
sub normalise_query {
  if (req.url ~ "^/v1/shows/[^/?]+/seats\?") {
    if (req.url ~ "[?&]format=bitmap(&|$)") {
      set req.url = regsub(req.url, "\?.*$", "?format=bitmap");
    } else if (req.url !~ "[?&]format=") {
      set req.url = regsub(req.url, "\?.*$", "");
    }
  } else if (req.url ~ "^/v1/(search|suggest)\?") {
    set req.url = regsuball(req.url, "([?&])(utm_[a-z]+|gclid|fbclid|_)=[^&]*", "\1");
    call sort_query;
  } else {
    call normalise_page_query;
  }
}

# stale-while-revalidate, as the API says it for each kind of answer (api/http/public-caching.ts): Varnish has one grace an object,
# and that is used for stale-if-error. While the API is away, or has just failed, any age will do.
sub bound_age {
  if (req.http.x-any-age || !std.healthy(req.backend_hint)) {
    set req.grace = 365d;
  } else if (req.url ~ "/seats(\?|$)") {
    set req.grace = 1s;
  } else if (req.url ~ "/line(/draw)?$") {
    set req.grace = 5s;
  } else if (req.url ~ "^/shows/") {
    # Before a sale opens: what it says then is late by as little as can be said here.
    set req.grace = 1s;
  } else if (req.url ~ "^/(v1/)?search" || req.url ~ "^/(\?|$)") {
    set req.grace = 30s;
  } else {
    set req.grace = 60s;
  }
}

# The API answers the same whatever host it is called.
sub vcl_hash {
  hash_data(req.url);
  return (lookup);
}

sub vcl_hit {
  # Old, and nobody can say what is new. The age is of the answer, as in what the API says of itself.
  if (obj.ttl <= 0s && (req.http.x-any-age || !std.healthy(req.backend_hint))) {
    set req.http.x-stale-for = obj.age;
  }
}

sub vcl_miss {
  # The API has failed a moment ago, and there is nothing old either.
  if (req.http.x-any-age) {
    return (synth(503, "Unavailable"));
  }
}

sub vcl_pipe {
  # One connection, one stream: what would come after it on the same connection is nobody's business.
  set bereq.http.connection = "close";
}

sub vcl_backend_response {
  if (bereq.uncacheable) {
    return (deliver);
  }
  # Not kept, and not in the way of what is: vcl_synth looks for something older.
  if (beresp.status >= 500) {
    return (abandon);
  }
  if (beresp.status != 200 || beresp.http.cache-control !~ "\bpublic\b" || beresp.http.set-cookie) {
    # Whoever asks for the same in this second need not stand in line for it.
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
  set beresp.http.xkey = beresp.http.surrogate-key;
  set beresp.grace = std.duration(
    regsub(beresp.http.cache-control, "^.*stale-if-error=([0-9]+).*$", "\1s"), 1d);
  # What is too old to be given is still asked for by its ETag, and often costs no body.
  set beresp.keep = 10m;
  if (beresp.http.content-type ~ "^(application/json|text/|image/svg)") {
    set beresp.do_gzip = true;
  }
  return (deliver);
}

sub vcl_backend_error {
  return (abandon);
}

sub vcl_deliver {
  # What an answer is about is between the API and us.
  unset resp.http.surrogate-key;
  unset resp.http.xkey;
  unset resp.http.x-varnish;
  unset resp.http.via;
  if (obj.hits > 0) {
    set resp.http.cache-status = "marquee; hit";
  } else {
    set resp.http.cache-status = "marquee; fwd=miss";
  }
  if (req.http.x-stale-for) {
    set resp.http.stale-seconds = regsub(req.http.x-stale-for, "\..*$", "");
  }
}

sub vcl_synth {
  # The API has not answered, or said that it cannot: something older may be good enough.
  if (resp.status == 503 && !req.http.x-any-age
      && (req.method == "GET" || req.method == "HEAD")) {
    set req.http.x-any-age = "yes";
    return (restart);
  }
  if (resp.status == 503) {
    set resp.http.cache-control = "no-store";
    set resp.http.retry-after = "1";
    if (req.http.accept ~ "^text/html" && req.url !~ "^/v1/") {
      call write_unavailable_page;
      return (deliver);
    }
    set resp.http.content-type = "application/problem+json";
    set resp.body = {"{"type":"about:blank","title":"Not available at the moment","status":503,"code":"UNAVAILABLE","details":{}}"};
    return (deliver);
  }
  set resp.http.content-type = "text/plain";
  set resp.http.cache-control = "no-store";
  set resp.body = resp.reason + {"
"};
  return (deliver);
}
