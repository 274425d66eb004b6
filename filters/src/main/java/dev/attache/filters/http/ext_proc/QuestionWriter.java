package dev.attache.filters.http.ext_proc;

import dev.attache.filters.http.ext_proc.ExtProcSpec.Told;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.MetadataWriter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.pipeline.Direction;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One {@code envoy.service.ext_proc.v3.ProcessingRequest}. One use. */
final class QuestionWriter {

    /** Of {@code ExternalProcessor}. */
    static final String METHOD = "envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private static final String ATTRIBUTES_OF = "envoy.filters.http.ext_proc";

    private static final int HEADERS = 2;
    private static final int BODY = 4;
    private static final int TRAILERS = 6;
    private static final int METADATA = 8;
    private static final int ATTRIBUTES = 9;
    private static final int OBSERVABILITY = 10;
    private static final int PROTOCOL = 11;

    /** Of both messages that hold headers, and of the map in them. */
    private static final int MAP = 1;

    private static final int HEADER = 1;
    private static final int KEY = 1;
    private static final int RAW_VALUE = 3;
    private static final int END_OF_HEADERS = 3;
    private static final int CONTENT = 1;
    private static final int END_OF_BODY = 2;
    private static final int MAPPED = 2;
    private static final int TYPED_METADATA = 2;

    /** In the order in which a request of HTTP/1 gets them. */
    private static final List<HeaderName> FIRST_LINE =
            List.of(
                    HeaderName.AUTHORITY,
                    HeaderName.PATH,
                    HeaderName.METHOD,
                    HeaderName.SCHEME,
                    HeaderName.PROTOCOL);

    /** For all that is not a header or a body. */
    private static final int ROOM = 128;

    private final MessageWriter out;

    private QuestionWriter(int capacity) {
        out = new MessageWriter(ROOM + capacity);
    }

    /**
     * About a head.
     *
     * @param ofHttp1 whether it is a request of HTTP/1
     */
    static QuestionWriter headers(
            Direction direction, Headers headers, boolean end, boolean ofHttp1, Told told) {
        QuestionWriter writer = new QuestionWriter(2 * headers.byteSize());
        int begun = writer.out.begin(of(direction, HEADERS));
        writer.map(headers, ofHttp1, told);
        writer.out.flag(END_OF_HEADERS, end);
        writer.out.end(begun);
        return writer;
    }

    /** About a piece of body, which stays as it is. */
    static QuestionWriter body(Direction direction, ByteBuf data, boolean end) {
        QuestionWriter writer = new QuestionWriter(data.readableBytes());
        int begun = writer.out.begin(of(direction, BODY));
        if (data.isReadable()) {
            writer.out.content(CONTENT, data);
        }
        writer.out.flag(END_OF_BODY, end);
        writer.out.end(begun);
        return writer;
    }

    /** About trailers. */
    static QuestionWriter trailers(Direction direction, Headers trailers, Told told) {
        QuestionWriter writer = new QuestionWriter(2 * trailers.byteSize());
        int begun = writer.out.begin(of(direction, TRAILERS));
        writer.map(trailers, false, told);
        writer.out.end(begun);
        return writer;
    }

    /** The fields for the two directions follow each other. */
    private static int of(Direction direction, int field) {
        return direction == Direction.REQUEST ? field : field + 1;
    }

    /** The fields of the first line before all others, as Envoy keeps them. */
    private void map(Headers headers, boolean ofHttp1, Told told) {
        int map = out.begin(MAP);
        if (ofHttp1) {
            for (HeaderName name : FIRST_LINE) {
                int index = headers.indexOf(name);
                if (index >= 0) {
                    header(headers, index, told);
                }
            }
        }
        for (int pass = ofHttp1 ? 1 : 0; pass < 2; pass++) {
            for (int i = 0; i < headers.size(); i++) {
                if (isOfFirstLine(headers, i) == (pass == 0)) {
                    header(headers, i, told);
                }
            }
        }
        out.end(map);
    }

    private static boolean isOfFirstLine(Headers headers, int index) {
        HeaderName known = headers.knownName(index);
        return known != null && known.toString().charAt(0) == ':';
    }

    private void header(Headers headers, int index, Told told) {
        String name = headers.name(index);
        if (isTold(name, told)) {
            int header = out.begin(HEADER);
            out.text(KEY, name);
            int length = headers.valueLength(index);
            if (length > 0) {
                out.content(RAW_VALUE, headers.text(), headers.valueStart(index), length);
            }
            out.end(header);
        }
    }

    private static boolean isTold(String name, Told told) {
        return !matches(told.disallowed(), name)
                && (told.allowed().isEmpty() || matches(told.allowed(), name));
    }

    private static boolean matches(List<StringMatcher> matchers, String name) {
        for (int i = 0; i < matchers.size(); i++) {
            if (matchers.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Metadata, of which there is at least an empty message. */
    QuestionWriter metadata(Metadata first, Metadata second) {
        int begun = out.begin(METADATA);
        metadata(first);
        metadata(second);
        out.end(begun);
        return this;
    }

    private void metadata(Metadata metadata) {
        MetadataWriter.metadata(out, metadata);
        for (Map.Entry<String, TypedMetadata> each : metadata.typed().entrySet()) {
            int entry = out.begin(TYPED_METADATA);
            out.text(KEY, each.getKey());
            int any = out.begin(MAPPED);
            out.text(1, each.getValue().typeUrl());
            out.content(2, each.getValue().message());
            out.end(any);
            out.end(entry);
        }
    }

    QuestionWriter attributes(MetadataValue.@Nullable Struct values) {
        if (values != null) {
            int entry = out.begin(ATTRIBUTES);
            out.text(KEY, ATTRIBUTES_OF);
            int struct = out.begin(MAPPED);
            MetadataWriter.struct(out, values);
            out.end(struct);
            out.end(entry);
        }
        return this;
    }

    QuestionWriter observability(boolean observes) {
        out.flag(OBSERVABILITY, observes);
        return this;
    }

    /** How bodies will come: with the first message. */
    QuestionWriter protocol(
            ProcessingMode.BodyMode request,
            ProcessingMode.BodyMode response,
            boolean bodyBeforeHeaders) {
        int begun = out.begin(PROTOCOL);
        out.number(1, request.ordinal());
        out.number(2, response.ordinal());
        out.flag(3, bodyBeforeHeaders);
        out.end(begun);
        return this;
    }

    /** The message; nothing more is to be written. */
    ByteBuf message() {
        return out.handOver();
    }
}
