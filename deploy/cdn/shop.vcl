# The pages of the shop: which they are, what of a request they read, and what stands in for them when nobody has them.
vcl 4.1;

import std;

# Whoever calls this goes on with a page that is the same for everybody who reads its language. The API hears of no other wish than
# this one, so its `Vary: accept-language, cookie` keeps a page once in each language.
sub choose_language {
  set req.http.x-language = "en";
  if (req.http.cookie ~ "(^|;\s*)lang=(en|de)\b") {
    set req.http.x-language = regsub(req.http.cookie, "^(.*?;\s*)?lang=(en|de)\b.*$", "\2");
  } else {
    call read_liked;
  }
  set req.http.accept-language = req.http.x-language;
  unset req.http.x-language;
}

# As api/http/storefront/choose-language.ts does: the most liked of ours, the first that is named where two are as good. Who names one
# twice, with different numbers, may get the other one, and not a page of another language under its name.
sub read_liked {
  set req.http.x-en = "0";
  set req.http.x-de = "0";
  if (req.http.accept-language ~ "(?i)(^|,)\s*en\b") {
    set req.http.x-en = regsub(req.http.accept-language, "(?i)^(.*?,)?\s*en\b[^,;]*(;q=([0-9.]*))?.*$", "\3");
  }
  if (req.http.accept-language ~ "(?i)(^|,)\s*de\b") {
    set req.http.x-de = regsub(req.http.accept-language, "(?i)^(.*?,)?\s*de\b[^,;]*(;q=([0-9.]*))?.*$", "\3");
  }
  # Without a number it is liked by 1.
  if (std.real(req.http.x-de, 1.0) > std.real(req.http.x-en, 1.0)) {
    set req.http.x-language = "de";
  } else if (std.real(req.http.x-de, 1.0) > 0.0
      && std.real(req.http.x-de, 1.0) == std.real(req.http.x-en, 1.0)
      && req.http.accept-language ~ "(?i)^((?!\s*en\b)[^,]*,)*\s*de\b") {
    set req.http.x-language = "de";
  }
  unset req.http.x-en;
  unset req.http.x-de;
}

# Of a query the home page and searches read these names (api/http/storefront/page-address.ts), if they have a value; other pages none.
sub normalise_page_query {
  if (req.url ~ "^/(search)?\?") {
    set req.url = regsuball(req.url, "([?&])(?!(?:q|city|date|genre|language|format|availability|sort|cursor)=[^&])[^&]*", "\1");
    call sort_query;
  } else {
    set req.url = regsub(req.url, "\?.*$", "");
  }
}

sub sort_query {
  set req.url = regsuball(req.url, "%20", "+");
  set req.url = std.querysort(req.url);
  set req.url = regsuball(req.url, "&&+", "&");
  set req.url = regsub(req.url, "\?&+", "?");
  set req.url = regsub(req.url, "[?&]+$", "");
}

# For people, in place of the page that they wanted.
sub write_unavailable_page {
  set resp.http.content-type = "text/html; charset=utf-8";
  set resp.http.content-security-policy = "default-src 'none'; frame-ancestors 'none'";
  if (req.http.accept-language ~ "(?i)^\s*de\b") {
    set resp.body = {"<!doctype html><html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Gleich wieder da</title><main><h1>Gleich wieder da</h1><p>Tickets und Geld sind sicher. Bitte in einer Minute noch einmal versuchen.</p><p><a href="">Noch einmal</a></p></main></html>"};
  } else {
    set resp.body = {"<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Back in a moment</title><main><h1>Back in a moment</h1><p>Your tickets and your money are safe. Try again in a minute.</p><p><a href="">Try again</a></p></main></html>"};
  }
}
