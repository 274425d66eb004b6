package dev.attache.proxy.tls.secret;

import dev.attache.proxy.address.Address;

/**
 * {@code TlsKeyLog}: who gets the NSS key log lines of connections. Called on workers' loops; must
 * not block them for long.
 */
@FunctionalInterface
public interface KeyLog {

    /** One line, without line end; the sink filters by the configured address ranges. */
    void log(Address local, Address remote, String line);
}
