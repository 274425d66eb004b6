package dev.attache.iptables.status;

import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** This host with the environment that rules were installed with. Immutable. */
public record RecordedHost(Host host, Map<String, String> environment) implements Host {
    /**
     * What a record asks for, read today.
     *
     * @throws BadInput if the host no longer allows it, for example without any address
     */
    public static CaptureConfig config(InstallRecord record, Host host) throws BadInput {
        RecordedHost then = new RecordedHost(host, record.environment());
        return new ConfigReader(FlagParser.parse(record.arguments(), record.environment()), then)
                .read();
    }

    @Override
    public List<IpAddress> addresses() throws IOException {
        return host.addresses();
    }

    @Override
    public List<String> nameServers() throws IOException {
        return host.nameServers();
    }

    @Override
    public @Nullable String userId(String name) {
        return host.userId(name);
    }

    @Override
    public @Nullable String groupId(String name) {
        return host.groupId(name);
    }
}
