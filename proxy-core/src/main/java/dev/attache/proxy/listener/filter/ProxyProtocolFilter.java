package dev.attache.proxy.listener.filter;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ProxyHeader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Applies PROXY headers to connections. Without state: each portion is judged from the start. */
final class ProxyProtocolFilter implements ListenerFilter {

    private final ProxyProtocolSpec spec;
    private final Cell notFoundAllowed;
    private final Cell notFoundDisallowed;
    private final Cell[] found = new Cell[3];
    private final Cell[] disallowed = new Cell[3];
    private final Cell[] error = new Cell[3];
    private final Cell anyError;

    /**
     * @param anyError the counter without a prefix that Envoy kept from before
     */
    ProxyProtocolFilter(ProxyProtocolSpec spec, Scope scope, Cell anyError, int worker) {
        this.spec = spec;
        this.anyError = anyError;
        this.notFoundAllowed = scope.counter("not_found_allowed").cell(worker);
        this.notFoundDisallowed = scope.counter("not_found_disallowed").cell(worker);
        for (int version = 1; version <= 2; version++) {
            Scope own = scope.scope("versions.v" + version + ".");
            found[version] = own.counter("found").cell(worker);
            disallowed[version] = own.counter("disallowed").cell(worker);
            error[version] = own.counter("error").cell(worker);
        }
    }

    @Override
    public Status onAccept(Context context) {
        return Status.WAIT;
    }

    @Override
    public Status onData(Context context, ByteBuf peeked, boolean end) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        switch (parser.read(peeked)) {
            case NEED_MORE -> {
                return Status.WAIT;
            }
            case ABSENT -> {
                return absent();
            }
            case MALFORMED -> {
                error[parser.version()].inc();
                anyError.inc();
                return Status.CLOSE;
            }
            case FOUND -> {
                return present(context, parser);
            }
        }
        throw new AssertionError("unreachable");
    }

    private Status absent() {
        if (spec.allowWithoutHeader()) {
            notFoundAllowed.inc();
            return Status.CONTINUE;
        }
        notFoundDisallowed.inc();
        anyError.inc();
        return Status.CLOSE;
    }

    private Status present(Context context, ProxyHeaderParser parser) {
        if (spec.disallowedVersions().contains(parser.version())) {
            disallowed[parser.version()].inc();
            return Status.CLOSE;
        }
        found[parser.version()].inc();
        context.consume(parser.length());
        ConnectionInfo info = context.info();
        if (parser.source() != null && parser.destination() != null) {
            info.remoteAddress(parser.source());
            if (!parser.destination().equals(info.localAddress())) {
                info.restoreLocalAddress(parser.destination());
            }
        }
        keepTlvs(info, parser.tlvs());
        return Status.CONTINUE;
    }

    private void keepTlvs(ConnectionInfo info, List<ProxyHeader.Tlv> tlvs) {
        Map<String, String> kept = new TreeMap<>();
        for (ProxyHeader.Tlv tlv : tlvs) {
            for (ProxyProtocolSpec.Rule rule : spec.rules()) {
                if (rule.tlvType() == tlv.type()) {
                    keep(info, rule, text(rule, tlv.value()), kept);
                }
            }
        }
        if (!kept.isEmpty()) {
            info.filterState().set(ProxyProtocolSpec.TLV_STATE_KEY, new TlvValues(kept));
        }
        info.filterState()
                .set(
                        ProxyProtocolSpec.FILTER_STATE_KEY,
                        new ProxyHeader(
                                info.remoteAddress(),
                                info.localAddress(),
                                tlvs.stream()
                                        .filter(tlv ->
                                                spec.passAll()
                                                        || spec.passThroughTlvs()
                                                                .contains(tlv.type()))
                                        .toList()));
    }

    private void keep(
            ConnectionInfo info,
            ProxyProtocolSpec.Rule rule,
            String value,
            Map<String, String> inState) {
        if (spec.inFilterState()) {
            inState.put(rule.key(), value);
            return;
        }
        info.dynamicMetadata()
                .merge(
                        rule.namespace(),
                        new MetadataValue.Struct(
                                Map.of(rule.key(), new MetadataValue.Text(value))));
    }

    /** Metadata is UTF-8; what is not is replaced, as Envoy does. */
    private static String text(ProxyProtocolSpec.Rule rule, byte[] value) {
        return rule.base64()
                ? Base64.getEncoder().encodeToString(value)
                : new String(value, StandardCharsets.UTF_8);
    }
}
