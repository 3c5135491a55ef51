# Where the API is, and who may purge. This file is a deployment's own: everything else is in marquee.vcl.
vcl 4.1;

backend origin {
  # A name is looked up when this is loaded, and not again.
  .host = "127.0.0.1";
  .port = "4000";
  .connect_timeout = 1s;
  # A reserve may take five seconds, a payment provider six.
  .first_byte_timeout = 15s;
  .between_bytes_timeout = 15s;
  .max_connections = 2000;
  # Whether the process is there. Not /readyz: an API without its database still answers what it knows.
  .probe = {
    .url = "/healthz";
    .interval = 1s;
    .timeout = 1s;
    .window = 4;
    .threshold = 2;
    .initial = 2;
  }
}

acl purgers {
  "127.0.0.1";
  "10.0.0.0"/8;
}

# The same secret as CDN_PURGE_SECRET.
sub authorise_purge {
  if (client.ip !~ purgers || req.http.authorization != "Bearer change-me-please-16") {
    return (synth(403, "Not for you"));
  }
}
