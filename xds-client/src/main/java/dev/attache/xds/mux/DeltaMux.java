package dev.attache.xds.mux;

import com.google.rpc.Status;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Turns;
import dev.attache.xds.XdsResource;
import dev.attache.xds.stream.RetryingStream;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Incremental xDS over gRPC, as Envoy's {@code NewGrpcMuxImpl}: requests carry changes of interest,
 * responses carry changes of resources, every response is answered in order by its nonce.
 */
public final class DeltaMux implements Mux, RetryingStream.Owner<DeltaDiscoveryResponse> {

    private static final Logger LOG = LoggerFactory.getLogger("config");
    private static final Set<String> EVERYTHING = Set.of(WatchSet.WILDCARD);

    private record Ack(DeltaType type, String nonce, @Nullable Status error) {}

    private final MuxSetup setup;
    private final RetryingStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream;
    private final Map<String, DeltaType> types = new LinkedHashMap<>();
    private final List<Ack> acks = new ArrayList<>();
    private final Turns turns;
    private final Arrivals arrivals;
    private int streams;
    private boolean nodeSent;
    private boolean closed;

    public DeltaMux(
            MuxSetup setup,
            MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method) {
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
        DeltaType state = state(type);
        WatchSet.Entry entry = new WatchSet.Entry(watcher);
        state.interest(state.watches.add(entry, orEverything(names)));
        sendDue();
        return new Watch() {
            @Override
            public void names(Set<String> next) {
                state.interest(state.watches.change(entry, orEverything(next)));
                sendDue();
            }

            @Override
            public void close() {
                if (!closed) {
                    state.interest(state.watches.remove(entry));
                    sendDue();
                }
            }
        };
    }

    @Override
    public Pause pause(Collection<ResourceType> paused) {
        List<DeltaType> states = paused.stream().distinct().map(this::state).toList();
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
        acks.clear();
        types.values().forEach(state -> state.ttl.close());
        stream.close();
        setup.journal().closed();
    }

    @Override
    public void onEstablished() {
        streams++;
        nodeSent = false;
        acks.clear();
        types.values().forEach(DeltaType::onNewStream);
        sendDue();
    }

    @Override
    public void onWritable() {
        sendDue();
    }

    @Override
    public void onLost(String detail) {
        setup.journal().lost(detail);
        for (DeltaType state : List.copyOf(types.values())) {
            state.watches.fail(FetchFailure.CONNECTION, detail);
        }
    }

    @Override
    public void onMessage(DeltaDiscoveryResponse response, Runnable taken) {
        if (response.hasControlPlane()) {
            setup.stats().identifier(response.getControlPlane().getIdentifier());
        }
        DeltaType state = types.get(response.getTypeUrl());
        if (state == null) {
            LOG.warn(
                    "The {} type_url of the response has no subscribers here, ignoring it.",
                    response.getTypeUrl());
            taken.run();
            return;
        }
        arrivals.add(new Response(state, response, taken));
    }

    private final class Response extends Arrivals.Arrival {
        private final DeltaType state;
        private final DeltaDiscoveryResponse response;
        private final int stream = streams;
        private List<XdsResource> changed = List.of();
        private @Nullable Status error;

        Response(DeltaType state, DeltaDiscoveryResponse response, Runnable taken) {
            arrivals.super(
                    state.type,
                    taken,
                    setup.journal()
                            .response(
                                    state.type,
                                    response.getSystemVersionInfo(),
                                    response.getNonce(),
                                    response.getResourcesCount()));
            this.state = state;
            this.response = response;
        }

        @Override
        @Nullable Delivery begin() {
            state.pauses++;
            Decoder.Decoded decoded;
            try {
                decoded = Decoder.delta(response, state);
            } catch (Decoder.Malformed e) {
                String message = String.valueOf(e.getMessage());
                state.watches.fail(FetchFailure.UPDATE_REJECTED, message);
                error = refuse(state, List.of(message));
                return null;
            }
            decoded.heartbeats().forEach(state.ttl::refresh);
            changed = decoded.resources();
            return state.watches.delta(
                    changed, response.getRemovedResourcesList(), response.getSystemVersionInfo());
        }

        @Override
        @Nullable String end(@Nullable Delivery delivered) {
            state.pauses--;
            if (delivered != null) {
                conclude(delivered.errors());
            }
            // A stream that has been replaced meanwhile is not answered.
            if (stream == streams) {
                acks.add(new Ack(state, response.getNonce(), error));
            }
            sendDue();
            return error == null ? null : error.getMessage();
        }

        private void conclude(List<String> errors) {
            if (errors.isEmpty()) {
                state.accepted(changed, response.getRemovedResourcesList());
            } else {
                error = refuse(state, errors);
            }
        }
    }

    private static Status refuse(DeltaType state, List<String> errors) {
        Status detail = Nack.of(errors);
        LOG.warn("delta config for {} rejected: {}", state.type.typeUrl(), detail.getMessage());
        return detail;
    }

    private static Set<String> orEverything(Set<String> names) {
        return names.isEmpty() ? EVERYTHING : names;
    }

    private DeltaType state(ResourceType type) {
        return types.computeIfAbsent(
                type.typeUrl(), url -> new DeltaType(type, setup.loop(), turns));
    }

    /** ACKs first, in order, then changes of interest in the order of first subscription. */
    private void sendDue() {
        boolean room = sendAcks();
        for (DeltaType state : types.values()) {
            if (!room) {
                break;
            }
            if (state.pauses == 0 && state.requestDue()) {
                room = stream.maySend();
                if (room) {
                    send(state.takeRequest());
                }
            }
        }
        setup.stats().pendingRequests(acks.size());
    }

    private boolean sendAcks() {
        Iterator<Ack> each = acks.iterator();
        while (each.hasNext()) {
            Ack ack = each.next();
            if (ack.type.pauses > 0) {
                continue;
            }
            if (!stream.maySend()) {
                return false;
            }
            each.remove();
            send(ack.type.takeAck(ack.nonce, ack.error));
        }
        return true;
    }

    private void send(DeltaDiscoveryRequest.Builder request) {
        if (!nodeSent || !setup.nodeOnFirstMessageOnly()) {
            request.setNode(setup.node().get());
        }
        nodeSent = true;
        stream.send(request.build());
    }
}
