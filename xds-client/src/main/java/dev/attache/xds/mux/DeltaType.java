package dev.attache.xds.mux;

import com.google.rpc.Status;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.Turns;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an incremental stream knows about one type: which names are wanted and which version of each
 * is held. Follows the rules of Envoy's {@code DeltaSubscriptionState}: a resource is requested by
 * name (held or awaited), came by the wildcard, or is ambiguous (its name was unsubscribed while
 * the wildcard stays; the server will say). Main loop only.
 */
final class DeltaType {

    final ResourceType type;
    final WatchSet watches = new WatchSet();
    final TtlTimers ttl;
    private final Turns turns;
    int pauses;

    /** Name to held version, or null while awaited. */
    private final Map<String, @Nullable String> requested = new LinkedHashMap<>();

    private final Map<String, String> byWildcard = new HashMap<>();
    private final Map<String, String> ambiguous = new HashMap<>();
    private final LinkedHashSet<String> added = new LinkedHashSet<>();
    private final LinkedHashSet<String> removed = new LinkedHashSet<>();
    private boolean legacyWildcard = true;
    private boolean sentOnThisStream;

    /**
     * @param turns in which the stream delivers
     */
    DeltaType(ResourceType type, MainLoop loop, Turns turns) {
        this.type = type;
        this.turns = turns;
        this.ttl = new TtlTimers(loop, this::expire);
    }

    /** Takes over a change of what the watches want. */
    void interest(WatchSet.Interest change) {
        change.added().forEach(this::want);
        change.removed().forEach(this::leave);
        if (change.removed().contains(WatchSet.WILDCARD)) {
            byWildcard.clear();
            ambiguous.clear();
        }
    }

    private void want(String name) {
        if (!name.equals(WatchSet.WILDCARD)) {
            legacyWildcard = false;
        }
        String held = byWildcard.remove(name);
        if (held == null) {
            held = ambiguous.remove(name);
        }
        requested.put(name, held);
        removed.remove(name);
        added.add(name);
    }

    private void leave(String name) {
        legacyWildcard = false;
        boolean wildcardStays =
                requested.containsKey(WatchSet.WILDCARD) && !name.equals(WatchSet.WILDCARD);
        boolean known = requested.containsKey(name);
        String held = requested.remove(name);
        if (wildcardStays && held != null) {
            ambiguous.put(name, held);
        } else {
            ttl.drop(name);
        }
        added.remove(name);
        if (known) {
            removed.add(name);
        }
    }

    /** A new stream: everything has to be said again. */
    void onNewStream() {
        sentOnThisStream = false;
    }

    /** Whether there is something to tell the server apart from ACKs. */
    boolean requestDue() {
        if (!sentOnThisStream) {
            return !requested.isEmpty();
        }
        return !added.isEmpty() || !removed.isEmpty();
    }

    /** The version held of a resource, or null if none is. */
    @Nullable String versionOf(String name) {
        String version = requested.get(name);
        if (version == null) {
            version = byWildcard.get(name);
        }
        return version == null ? ambiguous.get(name) : version;
    }

    /** Builds the next request and forgets what it says. */
    DeltaDiscoveryRequest.Builder takeRequest() {
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
        if (!sentOnThisStream) {
            sentOnThisStream = true;
            boolean legacy = legacyWildcardRequest();
            requested.forEach((name, version) -> addHeld(request, name, version));
            byWildcard.forEach(request::putInitialResourceVersions);
            ambiguous.forEach(request::putInitialResourceVersions);
            added.addAll(requested.keySet());
            if (legacy) {
                added.clear();
            }
            removed.clear();
        }
        request.addAllResourceNamesSubscribe(added);
        request.addAllResourceNamesUnsubscribe(removed);
        added.clear();
        removed.clear();
        return request;
    }

    /** An ACK, or a NACK with the error; carries changes of interest that are due as well. */
    DeltaDiscoveryRequest.Builder takeAck(String nonce, @Nullable Status error) {
        DeltaDiscoveryRequest.Builder request = takeRequest().setResponseNonce(nonce);
        if (error != null) {
            request.setErrorDetail(error);
        }
        return request;
    }

    /** Books an accepted response. */
    void accepted(List<XdsResource> changed, List<String> gone) {
        for (XdsResource resource : changed) {
            ttl.refresh(resource);
            if (requested.containsKey(resource.name())) {
                requested.put(resource.name(), resource.version());
            } else if (requested.containsKey(WatchSet.WILDCARD)) {
                byWildcard.put(resource.name(), resource.version());
                ambiguous.remove(resource.name());
            }
        }
        gone.forEach(this::forget);
    }

    private void forget(String name) {
        ttl.drop(name);
        if (requested.containsKey(name)) {
            requested.put(name, null);
        } else {
            byWildcard.remove(name);
            ambiguous.remove(name);
        }
    }

    private void expire(String name) {
        forget(name);
        turns.add(watches.delta(List.of(), List.of(name), "")::step);
    }

    private static void addHeld(
            DeltaDiscoveryRequest.Builder request, String name, @Nullable String version) {
        if (version != null) {
            request.putInitialResourceVersions(name, version);
        }
    }

    private boolean legacyWildcardRequest() {
        if (!requested.containsKey(WatchSet.WILDCARD)) {
            return false;
        }
        return legacyWildcard || (added.isEmpty() && removed.isEmpty() && requested.size() == 1);
    }
}
