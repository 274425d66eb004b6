package dev.attache.console.xds;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code /xds} says, read. Immutable. */
record XdsReport(
        Instant now, List<Stream> streams, List<Resource> resources, List<Update> updates) {

    /** A stream to a control plane, or a file. */
    record Stream(
            String controlPlane,
            String protocol,
            String identifier,
            boolean connected,
            Instant since,
            long losses,
            @Nullable Problem lastLoss,
            List<Type> types) {}

    /** One type on a stream. */
    record Type(
            String name,
            String version,
            String nonce,
            long acks,
            long nacks,
            @Nullable Instant lastAck,
            @Nullable Problem lastError) {}

    /** Something that went wrong; without a version where it was a stream. */
    record Problem(Instant at, String version, String details) {}

    /** A resource with those of its states that it has. */
    record Resource(
            String type,
            String name,
            boolean isStatic,
            @Nullable Version active,
            @Nullable Version warming,
            @Nullable Problem error) {}

    /** One version of a resource. */
    record Version(String version, Instant updated) {}

    /** Names of which some are given. */
    record Names(int count, List<String> names) {}

    /** What left because of an update. */
    record Drain(String kind, String name, int count, long connections) {}

    /** One response of a control plane. */
    record Update(
            Instant at,
            String type,
            String controlPlane,
            String version,
            String nonce,
            int resources,
            String outcome,
            @Nullable Long tookMillis,
            @Nullable String error,
            Names added,
            Names changed,
            Names removed,
            List<Drain> drained) {}

    /** All streams are connected; nothing is warming, and nothing was refused. */
    boolean isWell() {
        return streams.stream().allMatch(Stream::connected)
                && resources.stream().allMatch(r -> r.warming == null && r.error == null);
    }

    /** Throws what Gson throws where it is something else. */
    static XdsReport read(JsonObject json) {
        return new XdsReport(
                time(json, "now"),
                list(json, "streams", XdsReport::stream),
                list(json, "resources", XdsReport::resource),
                list(json, "updates", XdsReport::update));
    }

    private static Stream stream(JsonObject json) {
        return new Stream(
                text(json, "control_plane"),
                text(json, "protocol"),
                text(json, "identifier"),
                json.get("connected").getAsBoolean(),
                time(json, "since"),
                json.get("losses").getAsLong(),
                optional(json, "last_loss", XdsReport::problem),
                list(json, "types", XdsReport::type));
    }

    private static Type type(JsonObject json) {
        return new Type(
                text(json, "type"),
                text(json, "version"),
                text(json, "nonce"),
                json.get("acks").getAsLong(),
                json.get("nacks").getAsLong(),
                json.has("last_ack") ? time(json, "last_ack") : null,
                optional(json, "last_error", XdsReport::problem));
    }

    private static Resource resource(JsonObject json) {
        return new Resource(
                text(json, "type"),
                text(json, "name"),
                json.get("static").getAsBoolean(),
                optional(json, "active", XdsReport::version),
                optional(json, "warming", XdsReport::version),
                optional(json, "error", XdsReport::problem));
    }

    private static Version version(JsonObject json) {
        return new Version(text(json, "version"), time(json, "updated"));
    }

    private static Problem problem(JsonObject json) {
        String version = json.has("version") ? text(json, "version") : "";
        return new Problem(time(json, "at"), version, text(json, "details"));
    }

    private static Update update(JsonObject json) {
        return new Update(
                time(json, "at"),
                text(json, "type"),
                text(json, "control_plane"),
                text(json, "version"),
                text(json, "nonce"),
                json.get("resources").getAsInt(),
                text(json, "outcome"),
                json.has("took_ms") ? json.get("took_ms").getAsLong() : null,
                json.has("error") ? text(json, "error") : null,
                names(json.getAsJsonObject("added")),
                names(json.getAsJsonObject("changed")),
                names(json.getAsJsonObject("removed")),
                list(json, "drained", XdsReport::drain));
    }

    private static Names names(JsonObject json) {
        List<String> names = new ArrayList<>();
        json.getAsJsonArray("names").forEach(name -> names.add(name.getAsString()));
        return new Names(json.get("count").getAsInt(), names);
    }

    private static Drain drain(JsonObject json) {
        return new Drain(
                text(json, "kind"),
                text(json, "name"),
                json.get("count").getAsInt(),
                json.get("connections").getAsLong());
    }

    private static String text(JsonObject json, String field) {
        return json.get(field).getAsString();
    }

    private static Instant time(JsonObject json, String field) {
        return Instant.parse(text(json, field));
    }

    private static <T> @Nullable T optional(
            JsonObject json, String field, Function<JsonObject, T> read) {
        return json.has(field) ? read.apply(json.getAsJsonObject(field)) : null;
    }

    private static <T> List<T> list(JsonObject json, String field, Function<JsonObject, T> read) {
        List<T> all = new ArrayList<>();
        for (JsonElement each : json.getAsJsonArray(field)) {
            all.add(read.apply(each.getAsJsonObject()));
        }
        return all;
    }
}
