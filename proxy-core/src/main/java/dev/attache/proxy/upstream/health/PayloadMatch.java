package dev.attache.proxy.upstream.health;

import java.util.List;

/** Whether pieces stand in a text, one after the other; bytes as ISO 8859-1. */
final class PayloadMatch {

    private PayloadMatch() {}

    static boolean matches(List<String> pieces, StringBuilder text) {
        int from = 0;
        for (String piece : pieces) {
            int at = text.indexOf(piece, from);
            if (at < 0) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }
}
