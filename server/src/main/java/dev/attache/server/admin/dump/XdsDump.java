package dev.attache.server.admin.dump;

import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.plane.history.Drain;
import dev.attache.server.plane.history.Names;
import dev.attache.server.plane.history.XdsSnapshot;
import dev.attache.server.plane.version.StoredError;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /xds}: streams to control planes, resources with their states, and what the last updates
 * did. Taken on the main loop; printed on any thread.
 */
public final class XdsDump {

    private final Instant now;
    private final XdsSnapshot history;
    private final Map<String, List<StoredResource>> resources;

    private XdsDump(Instant now, XdsSnapshot history, Map<String, List<StoredResource>> resources) {
        this.now = now;
        this.history = history;
        this.resources = resources;
    }

    /** What a plane has now. Main loop only. */
    public static XdsDump of(ConfigPlane plane, Instant now) {
        Map<String, List<StoredResource>> resources = new LinkedHashMap<>();
        resources.put("cds", plane.clusters().stored());
        resources.put("eds", plane.endpoints().stored());
        resources.put("lds", plane.listeners().stored());
        resources.put("rds", plane.routes().stored());
        resources.put("sds", plane.secrets().stored());
        List<StoredResource> extensions = new ArrayList<>();
        plane.extensions().stored().values().forEach(extensions::addAll);
        resources.put("ecds", extensions);
        return new XdsDump(now, plane.history().snapshot(), resources);
    }

    /**
     * Prints it, piece by piece.
     *
     * @param type {@code cds}, {@code eds} … or null for all
     * @param names of resources that are shown; updates are shown whole
     */
    public AdminBody print(@Nullable String type, Predicate<String> names) {
        Stream<String> shown =
                resources.entrySet().stream()
                        .filter(entry -> type == null || type.equals(entry.getKey()))
                        .flatMap(entry -> ofType(entry.getKey(), entry.getValue(), names));
        Stream<String> updates =
                history.updates().stream()
                        .filter(update -> type == null || type.equals(update.type()))
                        .map(XdsDump::update);
        Stream<String> text =
                Stream.of(
                                Stream.of("{\n \"now\": " + text(now.toString())),
                                list("streams", history.streams().stream().map(XdsDump::stream)),
                                list("resources", shown),
                                list("updates", updates),
                                Stream.of("\n}\n"))
                        .flatMap(each -> each);
        return AdminBody.of(text.iterator());
    }

    private static Stream<String> ofType(
            String type, List<StoredResource> stored, Predicate<String> names) {
        return stored.stream()
                .filter(resource -> names.test(resource.name()))
                .map(resource -> resource(type, resource));
    }

    private static String stream(XdsSnapshot.Stream stream) {
        Fields fields = new Fields();
        fields.add("control_plane", stream.controlPlane()).add("protocol", stream.protocol());
        fields.add("identifier", stream.identifier());
        fields.raw("connected", Boolean.toString(stream.connected()));
        fields.add("since", stream.since().toString());
        fields.raw("losses", Long.toString(stream.losses()));
        XdsSnapshot.Problem loss = stream.lastLoss();
        if (loss != null) {
            fields.raw("last_loss", problem(loss.at(), "", loss.details()));
        }
        List<String> types = stream.types().stream().map(XdsDump::type).toList();
        return fields.raw("types", "[" + String.join(", ", types) + "]").end();
    }

    private static String type(XdsSnapshot.Type type) {
        Fields fields = new Fields();
        fields.add("type", type.name()).add("version", type.version()).add("nonce", type.nonce());
        fields.raw("acks", Long.toString(type.acks())).raw("nacks", Long.toString(type.nacks()));
        Instant acked = type.lastAck();
        if (acked != null) {
            fields.add("last_ack", acked.toString());
        }
        XdsSnapshot.Problem error = type.lastError();
        if (error != null) {
            fields.raw("last_error", problem(error.at(), error.version(), error.details()));
        }
        return fields.end();
    }

    private static String resource(String type, StoredResource resource) {
        Fields fields = new Fields();
        fields.add("type", type).add("name", resource.name());
        fields.raw("static", Boolean.toString(resource.isStatic()));
        version(fields, "active", resource.active());
        version(fields, "warming", resource.warming());
        StoredError error = resource.error();
        if (error != null) {
            fields.raw("error", problem(error.at(), error.version(), error.details()));
        }
        return fields.end();
    }

    private static void version(Fields fields, String name, @Nullable StoredVersion version) {
        if (version != null) {
            fields.raw(
                    name,
                    new Fields()
                            .add("version", version.version())
                            .add("updated", version.updated().toString())
                            .end());
        }
    }

    private static String update(XdsSnapshot.Update update) {
        Fields fields = new Fields();
        fields.add("at", update.at().toString()).add("type", update.type());
        fields.add("control_plane", update.controlPlane()).add("version", update.version());
        fields.add("nonce", update.nonce());
        fields.raw("resources", Integer.toString(update.resources()));
        Duration took = update.took();
        String error = update.error();
        fields.add("outcome", took == null ? "under way" : error == null ? "ack" : "nack");
        if (took != null) {
            fields.raw("took_ms", Long.toString(took.toMillis()));
        }
        if (error != null) {
            fields.add("error", error);
        }
        fields.raw("added", names(update.added())).raw("changed", names(update.changed()));
        fields.raw("removed", names(update.removed()));
        List<String> drained = update.drained().stream().map(XdsDump::drain).toList();
        return fields.raw("drained", "[" + String.join(", ", drained) + "]").end();
    }

    private static String drain(Drain drain) {
        return new Fields()
                .add("at", drain.at().toString())
                .add("kind", drain.kind())
                .add("name", drain.name())
                .raw("count", Integer.toString(drain.count()))
                .raw("connections", Long.toString(drain.connections()))
                .end();
    }

    private static String names(Names names) {
        List<String> quoted = names.first().stream().map(XdsDump::text).toList();
        return new Fields()
                .raw("count", Integer.toString(names.count()))
                .raw("names", "[" + String.join(", ", quoted) + "]")
                .end();
    }

    private static String problem(Instant at, String version, String details) {
        Fields fields = new Fields().add("at", at.toString());
        if (!version.isEmpty()) {
            fields.add("version", version);
        }
        return fields.add("details", details).end();
    }

    /** A field that is a list, an item on each line. */
    private static Stream<String> list(String name, Stream<String> items) {
        String[] separator = {"\n  "};
        Stream<String> separated =
                items.map(item -> {
                    String line = separator[0] + item;
                    separator[0] = ",\n  ";
                    return line;
                });
        return Stream.of(Stream.of(",\n \"" + name + "\": ["), separated, Stream.of("]"))
                .flatMap(part -> part);
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder();
        JsonText.quote(quoted, value);
        return quoted.toString();
    }

    /** The fields of one object, on one line. */
    private static final class Fields {
        private final StringBuilder out = new StringBuilder("{");

        Fields add(String name, String value) {
            return raw(name, text(value));
        }

        Fields raw(String name, String json) {
            out.append(out.length() > 1 ? ", \"" : "\"").append(name).append("\": ").append(json);
            return this;
        }

        String end() {
            return out.append('}').toString();
        }
    }
}
