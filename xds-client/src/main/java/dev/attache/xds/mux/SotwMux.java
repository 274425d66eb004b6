package dev.attache.xds.mux;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Turns;
import dev.attache.xds.stream.RetryingStream;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.MethodDescriptor;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of the world over gRPC, as Envoy's {@code GrpcMuxImpl}: every request names everything
 * wanted of its type, every response is answered with its nonce and the last accepted version.
 */
public final class SotwMux implements Mux, RetryingStream.Owner<DiscoveryResponse> {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final MuxSetup setup;
    private final RetryingStream<DiscoveryRequest, DiscoveryResponse> stream;
    private final Map<String, SotwType> types = new LinkedHashMap<>();
    private final LinkedHashSet<SotwType> due = new LinkedHashSet<>();
    private final Turns turns;
    private final Arrivals arrivals;
    private int streams;
    private boolean nodeSent;
    private boolean closed;

    public SotwMux(MuxSetup setup, MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method) {
        this.setup = setup;
        this.turns = new Turns(setup.loop());
        this.arrivals = new Arrivals(turns);
        this.stream =
                new RetryingStream<>(
                        setup.loop(),
                        setup.transport(),
                        method,
                        setup.backoff(),
                        setup.rateLimit(),
                        setup.stats(),
                        this);
    }

    @Override
    public void start() {
        stream.start();
    }

    @Override
    public Watch watch(ResourceType type, Set<String> names, ResourceWatcher watcher) {
        SotwType state = state(type);
        WatchSet.Entry entry = new WatchSet.Entry(watcher);
        state.watches.add(entry, names);
        demand(state);
        return new Watch() {
            @Override
            public void names(Set<String> next) {
                WatchSet.Interest change = state.watches.change(entry, next);
                if (!change.added().isEmpty() || !change.removed().isEmpty()) {
                    demand(state);
                }
            }

            @Override
            public void close() {
                WatchSet.Interest change = state.watches.remove(entry);
                change.removed().forEach(state.ttl::drop);
                if (!closed) {
                    demand(state);
                }
            }
        };
    }

    @Override
    public Pause pause(Collection<ResourceType> paused) {
        List<SotwType> states = paused.stream().distinct().map(this::state).toList();
        states.forEach(state -> state.pauses++);
        return new PauseOf(() -> {
            states.forEach(state -> state.pauses--);
            sendDue();
        });
    }

    @Override
    public void close() {
        closed = true;
        turns.close();
        due.clear();
        types.values().forEach(state -> state.ttl.close());
        stream.close();
        setup.journal().closed();
    }

    @Override
    public void onEstablished() {
        streams++;
        nodeSent = false;
        due.clear();
        for (SotwType state : types.values()) {
            state.nonce = "";
            state.error = null;
            if (!state.watches.isEmpty()) {
                due.add(state);
            }
        }
        sendDue();
    }

    @Override
    public void onWritable() {
        sendDue();
    }

    @Override
    public void onLost(String detail) {
        setup.journal().lost(detail);
        for (SotwType state : List.copyOf(types.values())) {
            state.watches.fail(FetchFailure.CONNECTION, detail);
        }
    }

    @Override
    public void onMessage(DiscoveryResponse response, Runnable taken) {
        if (response.hasControlPlane()) {
            setup.stats().identifier(response.getControlPlane().getIdentifier());
        }
        SotwType state = types.get(response.getTypeUrl());
        if (state == null) {
            LOG.warn(
                    "Ignoring the message for type URL {} as it has no current subscribers.",
                    response.getTypeUrl());
            taken.run();
            return;
        }
        arrivals.add(new Response(state, response, taken));
    }

    private final class Response extends Arrivals.Arrival {
        private final SotwType state;
        private final DiscoveryResponse response;
        private final int stream = streams;

        Response(SotwType state, DiscoveryResponse response, Runnable taken) {
            arrivals.super(
                    state.type,
                    taken,
                    setup.journal()
                            .response(
                                    state.type,
                                    response.getVersionInfo(),
                                    response.getNonce(),
                                    response.getResourcesCount()));
            this.state = state;
            this.response = response;
        }

        @Override
        @Nullable Delivery begin() {
            state.pauses++;
            return SotwMux.begin(state, response);
        }

        @Override
        @Nullable String end(@Nullable Delivery delivered) {
            state.pauses--;
            if (delivered != null) {
                conclude(delivered.errors());
            }
            String refused = state.error == null ? null : state.error.getMessage();
            // A stream that has been replaced meanwhile is not answered; the new one has said what
            // was held when it began, and hears of the newer version with the next request.
            if (stream == streams) {
                state.nonce = response.getNonce();
            } else {
                state.error = null;
            }
            demand(state);
            return refused;
        }

        private void conclude(List<String> errors) {
            if (errors.isEmpty()) {
                state.version = response.getVersionInfo();
            } else {
                refuse(state, errors);
            }
        }
    }

    /** What is to be delivered, or null if nothing is. */
    private static @Nullable Delivery begin(SotwType state, DiscoveryResponse response) {
        if (state.watches.isEmpty()) {
            if (response.getResourcesCount() == 0) {
                state.version = response.getVersionInfo();
            } else {
                LOG.warn("Ignoring unwatched type URL {}", response.getTypeUrl());
            }
            return null;
        }
        Decoder.Decoded decoded;
        try {
            decoded = Decoder.state(response, state.version);
        } catch (Decoder.Malformed e) {
            refuse(state, List.of(String.valueOf(e.getMessage())));
            state.watches.fail(FetchFailure.UPDATE_REJECTED, String.valueOf(e.getMessage()));
            return null;
        }
        decoded.heartbeats().forEach(state.ttl::refresh);
        if (decoded.resources().isEmpty() && !decoded.heartbeats().isEmpty()) {
            // A world of heartbeats alone is not one that has ended.
            state.watches.deliverUnchanged(response.getVersionInfo());
            state.version = response.getVersionInfo();
            return null;
        }
        decoded.resources().forEach(state.ttl::refresh);
        return state.watches.state(decoded.resources(), response.getVersionInfo());
    }

    private static void refuse(SotwType state, List<String> errors) {
        state.error = Nack.of(errors);
        LOG.warn("gRPC config for {} rejected: {}", state.type.typeUrl(), state.error.getMessage());
    }

    private SotwType state(ResourceType type) {
        return types.computeIfAbsent(
                type.typeUrl(), url -> new SotwType(type, setup.loop(), turns));
    }

    private void demand(SotwType state) {
        due.add(state);
        sendDue();
    }

    private void sendDue() {
        Iterator<SotwType> each = due.iterator();
        while (each.hasNext()) {
            SotwType state = each.next();
            if (state.pauses > 0) {
                continue;
            }
            if (!stream.maySend()) {
                break;
            }
            each.remove();
            boolean withNode = !nodeSent || !setup.nodeOnFirstMessageOnly();
            stream.send(state.takeRequest(withNode ? setup.node().get() : null));
            nodeSent = true;
        }
        setup.stats().pendingRequests(due.size());
    }
}
