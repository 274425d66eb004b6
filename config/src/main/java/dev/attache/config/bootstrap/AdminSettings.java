package dev.attache.config.bootstrap;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;

/**
 * {@code admin}: where the admin port listens, and what it logs.
 *
 * @param allowedPaths everything else is 403; empty: all
 */
public record AdminSettings(
        Address address,
        List<AccessLogSpec> accessLogs,
        List<StringMatcher> allowedPaths,
        List<SocketOption> socketOptions) {
    public AdminSettings {
        accessLogs = List.copyOf(accessLogs);
        allowedPaths = List.copyOf(allowedPaths);
        socketOptions = List.copyOf(socketOptions);
    }
}
