package dev.attache.config.bootstrap;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.spec.SocketOption;
import java.util.List;

/** {@code admin}: where the admin port listens, and what it logs. */
public record AdminSettings(
        Address address, List<AccessLog> accessLogs, List<SocketOption> socketOptions) {
    public AdminSettings {
        accessLogs = List.copyOf(accessLogs);
        socketOptions = List.copyOf(socketOptions);
    }
}
