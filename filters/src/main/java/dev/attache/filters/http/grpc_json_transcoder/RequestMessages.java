package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.JsonEvents;
import dev.attache.filters.http.grpc_json_transcoder.json.JsonReader;
import dev.attache.filters.http.grpc_json_transcoder.json.MessageBuilder;
import dev.attache.filters.http.grpc_json_transcoder.json.Prefix;
import dev.attache.filters.http.grpc_json_transcoder.json.Scalar;
import dev.attache.filters.http.grpc_json_transcoder.json.Translation;
import dev.attache.filters.http.grpc_json_transcoder.json.Weaver;
import dev.attache.filters.http.grpc_json_transcoder.json.WireOut;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.proxy.http.grpc.GrpcFrames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a request's JSON becomes: one, or of a stream one for each item of a list, as
 * soon as it is whole. Loop-confined.
 */
final class RequestMessages {

    /** What the whole request says beside its body. */
    record Bound(List<FieldType> field, String value) {}

    private final TranscoderSettings settings;
    private final Call.Target target;
    private final JsonReader reader;
    private final @Nullable One one;
    private @Nullable Many many;
    private boolean seen;
    private @Nullable String error;

    RequestMessages(TranscoderSettings settings, Call.Target target, List<Bound> bound) {
        this.settings = settings;
        this.target = target;
        if (target.call().method().clientStreaming()) {
            Many items = new Many(bound);
            this.many = items;
            this.one = null;
            this.reader = new JsonReader(items);
        } else {
            One single = new One(bound, false);
            this.one = single;
            this.reader = new JsonReader(single.events);
        }
    }

    /** A request that is nothing but what path and query say. */
    static byte @Nullable [] bare(
            TranscoderSettings settings, Call.Target target, List<Bound> bound, Translation into) {
        MessageBuilder message =
                new MessageBuilder(
                        settings.schema(),
                        target.call().method().input(),
                        into,
                        settings.requests().enumsInAnyCase());
        JsonEvents events =
                within(
                        target.body(),
                        woven(message, bound, into, settings.requests().rejectCollisions()));
        events.startObject("");
        events.endObject();
        return message.take();
    }

    private static JsonEvents woven(
            JsonEvents to, List<Bound> bound, Translation translation, boolean rejectCollisions) {
        if (bound.isEmpty()) {
            return to;
        }
        Weaver weaver = new Weaver(to, translation, rejectCollisions);
        bound.forEach(each -> weaver.bind(each.field(), each.value()));
        return weaver;
    }

    /** Puts what is read into the field that the body is. */
    private static JsonEvents within(String body, JsonEvents to) {
        return body.isEmpty() || body.equals("*")
                ? to
                : new Prefix(List.of(body.split("\\.", -1)), to);
    }

    /** Octets of heap that what is not a whole message yet takes. */
    long held() {
        Many items = many;
        One open = items != null ? items.item : one;
        return reader.held() + (open == null ? 0 : open.message.held());
    }

    /** Null: nothing is wrong so far. */
    @Nullable String error() {
        return error;
    }

    /** Whether all of the request that counts has been read. */
    boolean done() {
        return one != null && one.taken;
    }

    /**
     * Reads a piece; gRPC's frames of the messages that have become whole. Nothing where something
     * is {@link #error wrong}.
     */
    byte[] read(String octets, boolean end) {
        if (!octets.isEmpty() && !done()) {
            seen = true;
            check(reader.read(octets));
        }
        byte[] frames = frames();
        if (end && error == null && !finished()) {
            check(seen ? reader.finish() : reader.read("{}"));
            byte[] last = frames();
            WireOut both = new WireOut();
            both.raw(frames);
            both.raw(last);
            frames = both.toBytes();
        }
        return error == null ? frames : new byte[0];
    }

    private boolean finished() {
        Many items = many;
        return done() || (items != null && items.done);
    }

    private void check(@Nullable String wrong) {
        Many items = many;
        String translated = one != null ? one.translation.error() : null;
        if (items != null) {
            translated = items.error;
        }
        error = wrong != null ? wrong : translated;
    }

    private byte[] frames() {
        WireOut out = new WireOut();
        if (error == null && one != null && !one.taken) {
            byte[] message = one.message.take();
            if (message != null) {
                one.taken = true;
                frame(out, message);
            }
        }
        Many items = many;
        if (error == null && items != null) {
            items.whole.forEach(message -> frame(out, message));
            items.whole.clear();
        }
        return out.toBytes();
    }

    static void frame(WireOut out, byte[] message) {
        out.raw(GrpcFrames.prefix(message.length));
        out.raw(message);
    }

    /** A message on its way. */
    private final class One {
        final Translation translation = new Translation();
        final MessageBuilder message;
        final JsonEvents events;
        boolean taken;

        /**
         * @param item of a stream: Envoy reads those strictly
         */
        One(List<Bound> bound, boolean item) {
            TranscoderSettings.Requests requests = settings.requests();
            message =
                    new MessageBuilder(
                            settings.schema(),
                            target.call().method().input(),
                            translation,
                            !item && requests.enumsInAnyCase());
            JsonEvents to =
                    woven(message, bound, translation, !item && requests.rejectCollisions());
            events = within(target.body(), to);
        }
    }

    /** A list whose items are messages. */
    private final class Many implements JsonEvents {
        private List<Bound> bound;
        private @Nullable One item;
        private int depth;
        private boolean done;
        private @Nullable String error;
        private final List<byte[]> whole = new ArrayList<>();

        Many(List<Bound> bound) {
            this.bound = bound;
        }

        private JsonEvents begin() {
            One begun = new One(bound, true);
            bound = List.of();
            item = begun;
            return begun.events;
        }

        private JsonEvents open() {
            One begun = item;
            return depth == 1 || begun == null ? begin() : begun.events;
        }

        private void end() {
            One ended = item;
            item = null;
            if (ended == null) {
                return;
            }
            byte[] message = ended.message.take();
            error = ended.translation.error();
            if (error != null) {
                return;
            }
            if (message == null) {
                error = "Invalid object";
            } else {
                whole.add(message);
            }
        }

        @Override
        public void startObject(String name) {
            if (error != null) {
                return;
            }
            if (depth == 0) {
                error = "Expected an array instead of an object";
                return;
            }
            open().startObject(name);
            depth++;
        }

        @Override
        public void endObject() {
            if (error != null) {
                return;
            }
            depth--;
            open(depth + 1).endObject();
            if (depth == 1) {
                end();
            }
        }

        private JsonEvents open(int within) {
            One begun = item;
            if (begun == null) {
                throw new IllegalStateException("nothing is open at depth " + within);
            }
            return begun.events;
        }

        @Override
        public void startList(String name) {
            if (error != null) {
                return;
            }
            if (depth > 0) {
                open().startList(name);
            }
            depth++;
        }

        @Override
        public void endList() {
            if (error != null) {
                return;
            }
            if (--depth == 0) {
                done = true;
                return;
            }
            open(depth + 1).endList();
            if (depth == 1) {
                end();
            }
        }

        @Override
        public void value(String name, Scalar value) {
            if (error != null) {
                return;
            }
            if (depth == 0) {
                error = "Expected an array instead of a scalar value.";
                return;
            }
            boolean alone = depth == 1;
            open().value(name, value);
            if (alone) {
                end();
            }
        }
    }
}
