package dev.attache.proxy.network.http;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code date} header, written once a second (RFC 9110 section 5.6.7). Loop-confined. */
final class DateHeader {

    private long second = -1;
    private AsciiString text = AsciiString.EMPTY_STRING;

    AsciiString at(long epochMillis) {
        long now = epochMillis / 1000;
        if (now != second) {
            second = now;
            String date =
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(now).atZone(ZoneOffset.UTC));
            text = new AsciiString(date.charAt(6) == ' ' ? date.replaceFirst(", ", ", 0") : date);
        }
        return text;
    }
}
