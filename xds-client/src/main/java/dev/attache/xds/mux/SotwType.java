package dev.attache.xds.mux;

import com.google.rpc.Status;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.Turns;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a state-of-the-world stream knows about one type. Main loop only. */
final class SotwType {

    final ResourceType type;
    final WatchSet watches = new WatchSet();
    final TtlTimers ttl;

    /** The last accepted version; kept across streams. */
    String version = "";

    /** The nonce of the last response on this stream; forgotten with the stream. */
    String nonce = "";

    /** Why the last response was refused; said once. */
    @Nullable Status error;

    int pauses;

    /**
     * @param turns in which the stream delivers
     */
    SotwType(ResourceType type, MainLoop loop, Turns turns) {
        this.type = type;
        this.ttl =
                new TtlTimers(
                        loop, name -> turns.add(watches.delta(List.of(), List.of(name), "")::step));
    }

    DiscoveryRequest takeRequest(@Nullable Node node) {
        DiscoveryRequest.Builder request =
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(type.typeUrl())
                        .setVersionInfo(version)
                        .setResponseNonce(nonce)
                        .addAllResourceNames(watches.names());
        if (node != null) {
            request.setNode(node);
        }
        if (error != null) {
            request.setErrorDetail(error);
            error = null;
        }
        return request.build();
    }
}
