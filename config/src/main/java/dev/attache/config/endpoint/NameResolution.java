package dev.attache.config.endpoint;

/** Whether an endpoint's address may be a DNS name. */
public enum NameResolution {
    /** STATIC and EDS: literals only. */
    NONE,
    /** STRICT_DNS and LOGICAL_DNS. */
    DNS
}
