package dev.attache.agent.status;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What Go's server finds a body without a type to be: text, HTML, XML, or bytes. */
final class ContentSniffing {

    private static final int LOOKED_AT = 512;
    private static final List<String> HTML =
            List.of(
                    "<!doctype html",
                    "<html",
                    "<head",
                    "<script",
                    "<iframe",
                    "<h1",
                    "<div",
                    "<font",
                    "<table",
                    "<a",
                    "<style",
                    "<title",
                    "<b",
                    "<body",
                    "<br",
                    "<p",
                    "<!--");

    private ContentSniffing() {}

    static String type(byte[] body) {
        int length = Math.min(body.length, LOOKED_AT);
        String start =
                new String(body, 0, length, StandardCharsets.ISO_8859_1)
                        .stripLeading()
                        .toLowerCase(Locale.ROOT);
        for (String tag : HTML) {
            boolean ends = start.length() > tag.length();
            if (start.startsWith(tag) && ends && " >".indexOf(start.charAt(tag.length())) >= 0) {
                return "text/html; charset=utf-8";
            }
        }
        if (start.startsWith("<?xml")) {
            return "text/xml; charset=utf-8";
        }
        for (int i = 0; i < length; i++) {
            int c = body[i] & 0xff;
            boolean binary =
                    c <= 8 || c == 0xb || (c >= 0xe && c <= 0x1a) || (c >= 0x1c && c < 0x20);
            if (binary) {
                return "application/octet-stream";
            }
        }
        return "text/plain; charset=utf-8";
    }
}
