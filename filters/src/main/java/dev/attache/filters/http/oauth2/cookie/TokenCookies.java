package dev.attache.filters.http.oauth2.cookie;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The cookies of tokens on one stream: those that are split are put together in the request, and
 * what the client holds of them is remembered, so that it is taken away when it gets others. A
 * split one is {@code <name>_0} and so on, with their number in {@code <name>_chunks}.
 * Loop-confined.
 */
public final class TokenCookies {

    /** In the order in which they are written. */
    private static final List<CookieKind> TOKENS =
            List.of(CookieKind.BEARER_TOKEN, CookieKind.ID_TOKEN, CookieKind.REFRESH_TOKEN);

    /** More pieces are not put together, whatever is configured. */
    private static final int MOST_CHUNKS = 16;

    /** A number of two digits and what stands before it. */
    private static final int SUFFIX = 3;

    /**
     * What the client holds of a token.
     *
     * @param whole a cookie of its name
     * @param chunks how many pieces it may hold
     */
    private record Held(boolean whole, int chunks) {}

    private final CookieRules rules;
    private final Map<CookieKind, Held> held = new EnumMap<>(CookieKind.class);
    private int reassembled;
    private int malformed;

    public TokenCookies(CookieRules rules) {
        this.rules = rules;
    }

    /**
     * Puts together what is split.
     *
     * @return whether anything changed
     */
    public boolean reassemble(RequestCookies cookies) {
        boolean changed = false;
        for (CookieKind kind : TOKENS) {
            String name = rules.name(kind);
            boolean whole = cookies.contains(name);
            boolean marked = cookies.contains(name + "_chunks");
            held.put(kind, new Held(whole, marked ? reassemble(name, cookies) : 0));
            changed |= marked;
        }
        return changed;
    }

    /** How many pieces the client may hold. */
    private int reassemble(String name, RequestCookies cookies) {
        int count = count(cookies.value(name + "_chunks"));
        StringBuilder text = new StringBuilder();
        boolean complete = count >= 2;
        for (int i = 0; i < count; i++) {
            String piece = cookies.value(name + '_' + i);
            complete &= !piece.isEmpty();
            text.append(piece);
        }
        cookies.remove(name + "_chunks");
        for (int i = 0; i < (complete ? count : MOST_CHUNKS); i++) {
            cookies.remove(name + '_' + i);
        }
        if (complete) {
            cookies.put(name, text.toString());
            reassembled++;
            return count;
        }
        malformed++;
        return MOST_CHUNKS;
    }

    /** 0 where the text is no number that there can be. */
    private static int count(String text) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = Math.min(number * 10 + digit, MOST_CHUNKS + 1);
        }
        return number > MOST_CHUNKS ? 0 : number;
    }

    /** How many tokens were put together. */
    public int reassembled() {
        return reassembled;
    }

    /** Of how many tokens the pieces do not fit together. */
    public int malformed() {
        return malformed;
    }

    /** How many pieces a value needs: 1 = it is not split, -1 = more than it may have. */
    public int chunks(CookieKind kind, String value, String maxAge) {
        CookieRules.Splitting splitting = rules.splitting();
        String name = rules.name(kind);
        if (splitting.maxCookieSize() == 0
                || rules.set(kind, name, value, maxAge).length() <= splitting.maxCookieSize()) {
            return 1;
        }
        int room = room(kind, maxAge);
        if (room <= 0) {
            return -1;
        }
        int count = (value.length() + room - 1) / room;
        return count > splitting.maxChunks() ? -1 : count;
    }

    /** Of a piece's value. */
    private int room(CookieKind kind, String maxAge) {
        return rules.splitting().maxCookieSize()
                - rules.name(kind).length()
                - SUFFIX
                - 1
                - rules.tail(kind, maxAge).length();
    }

    /**
     * The cookies that give the client a token, or take away those that it has of it.
     *
     * @param value as it is to stand in the cookie; empty = none
     * @param chunks as {@link #chunks} has it
     */
    public List<String> write(CookieKind kind, String value, int chunks, String maxAge) {
        List<String> lines = new ArrayList<>();
        String name = rules.name(kind);
        Held before = held.getOrDefault(kind, new Held(false, 0));
        boolean splits = !value.isEmpty() && chunks > 1;
        if (before.whole() && (value.isEmpty() || splits)) {
            lines.add(rules.delete(kind, name));
        }
        deleteChunks(kind, before, splits ? chunks : 0, lines);
        if (splits) {
            int room = room(kind, maxAge);
            for (int i = 0; i < chunks; i++) {
                int from = i * room;
                String piece = value.substring(from, Math.min(from + room, value.length()));
                lines.add(rules.set(kind, name + '_' + i, piece, maxAge));
            }
            lines.add(rules.set(kind, name + "_chunks", Integer.toString(chunks), maxAge));
        } else if (!value.isEmpty()) {
            lines.add(rules.set(kind, name, value, maxAge));
        }
        return lines;
    }

    private void deleteChunks(CookieKind kind, Held before, int kept, List<String> lines) {
        String name = rules.name(kind);
        if (before.chunks() > 0 && kept == 0) {
            lines.add(rules.delete(kind, name + "_chunks"));
        }
        for (int i = kept; i < before.chunks(); i++) {
            lines.add(rules.delete(kind, name + '_' + i));
        }
    }

    /** The cookies that take away all pieces of tokens. */
    public List<String> deleteChunks() {
        List<String> lines = new ArrayList<>();
        held.forEach((kind, its) -> deleteChunks(kind, its, 0, lines));
        return lines;
    }
}
