package dev.attache.proxy.http.h1;

import java.nio.charset.StandardCharsets;

/** What a status is called, for whoever writes it into something other than a head. */
public final class ReasonPhrase {

    private ReasonPhrase() {}

    /** {@code OK}, {@code Forbidden} …; {@code Unknown} where it has no name. */
    public static String of(int status) {
        return new String(Http1Names.reason(status), StandardCharsets.ISO_8859_1);
    }
}
