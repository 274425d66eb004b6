package dev.attache.server.admin.web;

import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.server.admin.http.AdminResponse;
import org.jspecify.annotations.Nullable;

/** Compact JSON, written from its beginning to its end. Not thread-safe. */
final class JsonPage {

    private final StringBuilder out = new StringBuilder();

    /** Whether what comes next has something before it on its level. */
    private boolean follows;

    /** Begins an object or a list: <code>{</code> or {@code [}. */
    JsonPage begin(char bracket) {
        separate();
        out.append(bracket);
        follows = false;
        return this;
    }

    /** Ends one. */
    JsonPage end(char bracket) {
        out.append(bracket);
        follows = true;
        return this;
    }

    /** The key of what is written next. */
    JsonPage key(String name) {
        separate();
        JsonText.quote(out, name);
        out.append(':');
        follows = false;
        return this;
    }

    JsonPage field(String name, @Nullable String text) {
        key(name);
        if (text == null) {
            out.append("null");
        } else {
            JsonText.quote(out, text);
        }
        follows = true;
        return this;
    }

    JsonPage field(String name, long number) {
        key(name);
        out.append(number);
        follows = true;
        return this;
    }

    JsonPage field(String name, boolean value) {
        key(name);
        out.append(value);
        follows = true;
        return this;
    }

    /** Lower bound, width and count of each bin that has something. */
    JsonPage field(String name, HistogramBins bins) {
        key(name).begin('[');
        for (HistogramBins.Bin bin : bins.used()) {
            separate();
            out.append('[').append(bin.lowerBound()).append(',').append(bin.width());
            out.append(',').append(bin.count()).append(']');
            follows = true;
        }
        return end(']');
    }

    AdminResponse answer() {
        return AdminResponse.json(out.append('\n').toString());
    }

    private void separate() {
        if (follows) {
            out.append(',');
        }
        follows = false;
    }
}
