package dev.attache.filters.istio.metadata;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address at which a workload is looked up that a cluster names as its host. */
public final class HostAddress {
    private static final String ISTIO = "istio";
    private static final String ORIGINAL_DST = "envoy.filters.listener.original_dst";

    private HostAddress() {}

    /**
     * The host's own address, or of an internal listener what it stands for, by its metadata.
     *
     * @param skipsGateways whether endpoints of another network are none: the gateway before them
     *     is what would be found
     * @return null where there is none to look up
     */
    public static @Nullable Address of(Address host, Metadata metadata, boolean skipsGateways) {
        if (host instanceof IpAddress) {
            return host;
        }
        if (!(host instanceof InternalAddress)) {
            return null;
        }
        MetadataValue.Struct istio = metadata.filterMetadata().get(ISTIO);
        if (skipsGateways && istio != null && istio.get("double_hbone") != null) {
            return null;
        }
        return metadata.get(ORIGINAL_DST, List.of("local")) instanceof MetadataValue.Text local
                ? IpAddress.parseWithPort(local.value())
                : null;
    }
}
