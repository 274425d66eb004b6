package dev.attache.testkit.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How bodies come: what a test hands over as one piece is cut into several, and the end comes on
 * the last of them or behind it. Immutable.
 *
 * @param first bytes of the first piece, the rest is a second one; {@link #ALL} or {@link #EACH}
 * @param endApart the end comes behind the last piece, as in HTTP/1.1
 * @param gaps empty pieces come in between
 */
record Cut(int first, boolean endApart, boolean gaps) {

    /** One piece. */
    static final int ALL = -1;

    /** As many pieces as there are bytes. */
    static final int EACH = -2;

    /** As the test hands it over. */
    static final Cut NONE = new Cut(ALL, false, false);

    /** So many places within a body are tried; of longer ones some. */
    private static final int PLACES = 48;

    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record Piece(byte[] bytes, boolean end) {}

    /** All ways but {@link #NONE}, for bodies that are as long. */
    static List<Cut> all(int longest) {
        List<Cut> cuts = new ArrayList<>();
        cuts.add(new Cut(ALL, true, false));
        cuts.add(new Cut(EACH, false, false));
        cuts.add(new Cut(EACH, true, true));
        int step = Math.max(1, longest / PLACES);
        for (int at = 1; at < longest; at += step) {
            cuts.add(new Cut(at, false, false));
        }
        return cuts;
    }

    List<Piece> pieces(byte[] body, boolean end) {
        List<byte[]> parts = new ArrayList<>();
        if (first == EACH) {
            for (byte octet : body) {
                parts.add(new byte[] {octet});
            }
        } else if (first > 0 && first < body.length) {
            parts.add(Arrays.copyOf(body, first));
            parts.add(Arrays.copyOfRange(body, first, body.length));
        } else if (body.length > 0 || !endApart) {
            parts.add(body);
        }
        if (gaps) {
            for (int i = parts.size(); i > 0; i--) {
                parts.add(i, new byte[0]);
            }
        }
        if (end && (endApart || parts.isEmpty())) {
            parts.add(new byte[0]);
        }
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            pieces.add(new Piece(parts.get(i), end && i == parts.size() - 1));
        }
        return pieces;
    }

    AssertionError named(AssertionError failed) {
        return new AssertionError("bodies " + this + ": " + failed.getMessage(), failed);
    }

    @Override
    public String toString() {
        String how =
                switch (first) {
                    case ALL -> "in one piece";
                    case EACH -> "one byte at a time";
                    default -> "cut after byte " + first;
                };
        return how + (gaps ? ", with empty pieces" : "") + (endApart ? ", the end apart" : "");
    }
}
