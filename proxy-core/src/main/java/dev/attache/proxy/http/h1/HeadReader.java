package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat.PreserveCase;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.NameSpelling;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a start line and a block of fields, or only the block (trailers), from bytes that may come
 * one at a time. Received bytes are copied a piece at a time into the text of {@link Headers};
 * names are lower-cased where they lie, and fields are spans of the text. A line is looked at when
 * it is complete, and no byte is searched twice. Owned by one codec, loop-confined.
 *
 * <p>RFC 9112 section 2.2: a line may end in LF alone, a CR elsewhere is an error. Section 5.2: a
 * folded value is joined with one space. Empty lines before the start line are skipped.
 *
 * <p>As in Envoy a block is judged when it is whole, and what it is refused for has an order:
 * control characters, then lines that are no fields and a bad length, then what one field after the
 * other is refused for.
 *
 * <p>Longer than files here should be: what a line may be, and the order of its errors, are one.
 */
final class HeadReader {

    /**
     * What the owner makes of the start line, of which [start, end) is the text without its end.
     */
    interface StartLine {
        @Nullable Http1Error parse(Headers headers, int start, int end);

        /** Whether that line was the whole head, as in HTTP/0.9. */
        default boolean endsHead() {
            return false;
        }
    }

    enum Progress {
        MORE,
        DONE,
        FAILED
    }

    /** Few heads are larger; body bytes copied too far are given back. */
    private static final int PIECE = 2048;

    /** Colon and line end. */
    private static final int FIELD_ENDS = 3;

    private final Http1Options options;
    private final CodecStats stats;
    private final boolean request;
    private final int maxBytes;
    private Headers headers = new Headers(MessagePart.NONE, 0, 1);
    private @Nullable StartLine startLine;
    private @Nullable NameSpelling spelling;
    private int line;
    private int searched;
    private int begin;
    private int fields;
    private int fieldOctets;

    /** The line that breaks the block, whatever else there is. */
    private @Nullable Http1Error broken;

    /** The first field that is refused in a block that can be read. */
    private @Nullable Http1Error refused;

    private int refusedOctets;

    /** The name after the refused field is read, and counted, before that field is judged. */
    private boolean nextNameCounts;

    /** Table index of the field that a folded line would continue; -1 after a dropped one. */
    private int last;

    private boolean lastDropped;
    private boolean mapHost;
    private Http1Error error = Http1Error.CODEC_ERROR;

    HeadReader(Http1Options options, CodecStats stats, boolean request) {
        this.options = options;
        this.stats = stats;
        this.request = request;
        this.maxBytes = options.maxHeadersKb() * 1024;
    }

    /** Starts on a new head ({@code startLine} given) or trailer block into {@code target}. */
    void start(Headers target, @Nullable StartLine parser) {
        headers = target;
        startLine = parser;
        spelling = null;
        begin = target.textEnd();
        line = begin;
        searched = begin;
        fields = 0;
        fieldOctets = 0;
        broken = null;
        refused = null;
        refusedOctets = 0;
        nextNameCounts = false;
        last = -1;
        lastDropped = false;
        mapHost = request && parser != null;
        if (parser != null && options.headerKeyFormat() instanceof PreserveCase preserve) {
            spelling = new NameSpelling(preserve);
            target.spelling(spelling);
        }
    }

    /** True when not a byte of the message has come yet. */
    boolean untouched() {
        return headers.textEnd() == begin;
    }

    Http1Error error() {
        return error;
    }

    /**
     * What Envoy counts as header bytes of a message that was read: names, values and three octets
     * for each field; three for a head without fields.
     */
    int fieldOctets() {
        return Math.max(fieldOctets, FIELD_ENDS);
    }

    /** The same for a head that was refused. */
    int refusedOctets() {
        return refusedOctets;
    }

    /** The same for trailers, which may be none. */
    int trailerOctets() {
        return fieldOctets;
    }

    /** Consumes from {@code in}, at {@code DONE} up to the end of the block and no further. */
    Progress read(ByteBuf in) {
        while (in.isReadable()) {
            headers.receive(in, Math.min(in.readableBytes(), piece()));
            Progress progress = lines(in);
            if (progress != Progress.MORE) {
                return progress;
            }
            if (headers.textEnd() - begin > maxBytes) {
                return fail(Http1Error.HEADERS_TOO_LARGE);
            }
        }
        return Progress.MORE;
    }

    /** What there is room for: heads of a connection are alike, and a body may lie behind one. */
    private int piece() {
        int room = headers.room();
        return room > 0 ? Math.min(room, PIECE) : PIECE;
    }

    private Progress lines(ByteBuf in) {
        byte[] text = headers.text();
        int textEnd = headers.textEnd();
        int i = searched;
        while ((i = Octets.lineFeed(text, i, textEnd)) < textEnd) {
            int start = line;
            int end = i > start && text[i - 1] == '\r' ? i - 1 : i;
            i++;
            line = i;
            if (i - begin > maxBytes) {
                return fail(Http1Error.HEADERS_TOO_LARGE);
            }
            if (start == end && startLine == null) {
                return refused == null && broken == null ? done(in, i) : refuse();
            }
            StartLine first = startLine;
            if (start != end) {
                Http1Error wrong = line(text, start, end);
                if (wrong != null) {
                    return fail(wrong);
                }
                if (first != null && first.endsHead()) {
                    return done(in, i);
                }
            }
        }
        searched = i;
        return Progress.MORE;
    }

    /** Gives back what was received beyond {@code end}. */
    private Progress done(ByteBuf in, int end) {
        in.readerIndex(in.readerIndex() - (headers.textEnd() - end));
        headers.truncateText(end);
        headers.joinRepeated();
        return Progress.DONE;
    }

    private Progress refuse() {
        Http1Error wrong = broken != null ? broken : new MessageFraming().readLength(headers);
        if (wrong != null) {
            refused = null;
            return fail(wrong);
        }
        return fail(refused != null ? refused : Http1Error.CODEC_ERROR);
    }

    private Progress fail(Http1Error why) {
        refusedOctets = why == refused ? refusedOctets : 0;
        error = why;
        return Progress.FAILED;
    }

    private @Nullable Http1Error line(byte[] text, int start, int end) {
        StartLine parser = startLine;
        if (parser != null) {
            startLine = null;
            return parser.parse(headers, start, end);
        }
        if (broken == null) {
            broken = Octets.isBlank(text[start]) ? fold(text, start, end) : field(text, start, end);
        }
        if (broken != null && Octets.hasControl(text, start, end)) {
            broken = Http1Error.INVALID_CHARACTERS;
        }
        return broken == Http1Error.INVALID_CHARACTERS ? broken : null;
    }

    private @Nullable Http1Error field(byte[] text, int start, int end) {
        int hash = HeaderName.HASH_SEED;
        boolean underscore = false;
        boolean strange = false;
        int colon = start;
        NameSpelling remembered = spelling;
        if (remembered != null) {
            rememberSpelling(remembered, text, start, end);
        }
        for (; colon < end && text[colon] != ':'; colon++) {
            byte octet = Octets.name(text[colon]);
            if (octet == 0) {
                // Envoy's parser lets these through: the name is refused, the block is not broken.
                if (text[colon] != '"' && text[colon] >= 0) {
                    return Http1Error.CODEC_ERROR;
                }
                strange = true;
                continue;
            }
            underscore |= octet == '_';
            text[colon] = octet;
            hash = HeaderName.hashStep(hash, octet);
        }
        if (colon == start || colon == end) {
            return Http1Error.CODEC_ERROR;
        }
        int value = colon + 1;
        while (value < end && Octets.isBlank(text[value])) {
            value++;
        }
        int valueEnd = trimEnd(text, value, end);
        if (!Octets.isValue(text, value, valueEnd)) {
            return Http1Error.INVALID_CHARACTERS;
        }
        if (strange) {
            refuse(Http1Error.CODEC_ERROR, Math.max(0, fieldOctets - FIELD_ENDS), false);
            lastDropped = true;
            return null;
        }
        count(colon - start, valueEnd - value);
        lastDropped = false;
        if (underscore && request && options.headersWithUnderscores() != UnderscoreAction.ALLOW) {
            underscore();
            return null;
        }
        if (++fields > options.maxHeadersCount()) {
            refuse(Http1Error.TOO_MANY_HEADERS, fieldOctets, true);
        }
        int hashEnd = HeaderName.hashEnd(hash);
        return add(text, start, colon - start, hashEnd, value, valueEnd - value);
    }

    private void count(int name, int value) {
        fieldOctets += name + value + FIELD_ENDS;
        if (nextNameCounts) {
            nextNameCounts = false;
            refusedOctets += name;
        }
    }

    /** Notes why the block will be refused, unless an earlier field is reason enough. */
    private void refuse(Http1Error why, int octets, boolean nextName) {
        if (refused == null) {
            refused = why;
            refusedOctets = octets;
            nextNameCounts = nextName;
        }
    }

    private static void rememberSpelling(NameSpelling into, byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == ':') {
                into.remember(text, start, i - start);
                return;
            }
        }
    }

    private void underscore() {
        lastDropped = true;
        if (options.headersWithUnderscores() != UnderscoreAction.REJECT_REQUEST) {
            stats.increment(Counter.HTTP1_DROPPED_HEADERS_WITH_UNDERSCORES);
        } else if (refused == null) {
            stats.increment(Counter.HTTP1_REQUESTS_REJECTED_WITH_UNDERSCORES_IN_HEADERS);
            refuse(Http1Error.UNEXPECTED_UNDERSCORE, fieldOctets, true);
        }
    }

    private @Nullable Http1Error add(
            byte[] text, int name, int nameLength, int hash, int value, int valueLength) {
        if (mapHost && nameLength == 4 && Octets.equalsIgnoreCase(text, name, name + 4, "host")) {
            if (headers.contains(HeaderName.AUTHORITY)) {
                return Http1Error.CODEC_ERROR;
            }
            headers.addSpan(HeaderName.AUTHORITY, value, valueLength);
        } else {
            headers.addSpan(name, nameLength, hash, value, valueLength);
        }
        last = headers.size() - 1;
        return null;
    }

    /** Joins a continuation line to the value before it, over the line end between them. */
    private @Nullable Http1Error fold(byte[] text, int start, int end) {
        if (last < 0 && !lastDropped) {
            return Http1Error.CODEC_ERROR;
        }
        int more = start;
        while (more < end && Octets.isBlank(text[more])) {
            more++;
        }
        int moreEnd = trimEnd(text, more, end);
        if (!Octets.isValue(text, more, moreEnd)) {
            return Http1Error.INVALID_CHARACTERS;
        }
        if (lastDropped || more == moreEnd) {
            return null;
        }
        int value = headers.valueStart(last);
        int valueEnd = value + headers.valueLength(last);
        text[valueEnd] = ' ';
        fieldOctets += 1 + moreEnd - more;
        if (nextNameCounts) {
            refusedOctets += 1 + moreEnd - more;
        }
        System.arraycopy(text, more, text, valueEnd + 1, moreEnd - more);
        headers.setSpan(last, value, valueEnd + 1 + moreEnd - more - value);
        return null;
    }

    private static int trimEnd(byte[] text, int start, int end) {
        int trimmed = end;
        while (trimmed > start && Octets.isBlank(text[trimmed - 1])) {
            trimmed--;
        }
        return trimmed;
    }
}
