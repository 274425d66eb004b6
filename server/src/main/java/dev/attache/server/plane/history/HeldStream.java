package dev.attache.server.plane.history;

import dev.attache.xds.ResourceType;
import dev.attache.xds.UpdateJournal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream as it is now. Main loop only. */
final class HeldStream implements UpdateJournal.Stream {

    private final XdsHistory history;
    private final String controlPlane;
    private final String protocol;
    private final Map<String, HeldType> types = new LinkedHashMap<>();
    private String identifier = "";
    private boolean connected;
    private Instant since;
    private long losses;
    private XdsSnapshot.@Nullable Problem lastLoss;

    /** What came of one type. */
    private static final class HeldType {
        private String version = "";
        private String nonce = "";
        private long acks;
        private long nacks;
        private @Nullable Instant lastAck;
        private XdsSnapshot.@Nullable Problem lastError;
    }

    /**
     * @param connected files are; streams have yet to be
     */
    HeldStream(XdsHistory history, String controlPlane, String protocol, boolean connected) {
        this.history = history;
        this.controlPlane = controlPlane;
        this.protocol = protocol;
        this.connected = connected;
        this.since = history.now();
    }

    String controlPlane() {
        return controlPlane;
    }

    @Override
    public void connected(boolean is) {
        if (connected != is) {
            connected = is;
            since = history.now();
        }
    }

    @Override
    public void identifier(String text) {
        identifier = text;
    }

    @Override
    public void lost(String detail) {
        losses++;
        lastLoss = new XdsSnapshot.Problem(history.now(), "", detail);
    }

    @Override
    public void closed() {
        history.forget(this);
    }

    @Override
    public UpdateJournal.Response response(
            ResourceType type, String version, String nonce, int resources) {
        return new HeldUpdate(history, this, type.shortName(), version, nonce, resources);
    }

    void answered(
            String type, String version, String nonce, @Nullable String problem, Instant now) {
        HeldType held = types.computeIfAbsent(type, name -> new HeldType());
        held.nonce = nonce;
        if (problem == null) {
            held.acks++;
            held.version = version;
            held.lastAck = now;
        } else {
            held.nacks++;
            held.lastError = new XdsSnapshot.Problem(now, version, problem);
        }
    }

    XdsSnapshot.Stream view() {
        List<XdsSnapshot.Type> all = new ArrayList<>();
        types.forEach((name, held) ->
                all.add(
                        new XdsSnapshot.Type(
                                name,
                                held.version,
                                held.nonce,
                                held.acks,
                                held.nacks,
                                held.lastAck,
                                held.lastError)));
        return new XdsSnapshot.Stream(
                controlPlane, protocol, identifier, connected, since, losses, lastLoss, all);
    }
}
