package dev.attache.proxy.network.http.request;

/** {@code set_current_client_cert_details}, in the order in which they are written. */
public enum XfccDetail {
    CERT,
    CHAIN,
    SUBJECT,
    URI,
    DNS,
    ISSUER
}
