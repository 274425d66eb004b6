package dev.attache.proxy.network.http.request;

import dev.attache.proxy.stream.format.json.JsonText;
import java.util.List;

/**
 * One certificate as an object of an {@code x-forwarded-client-cert} in JSON. What is empty is left
 * out.
 */
final class CertificateJson {

    private final StringBuilder out = new StringBuilder("{");

    void text(String key, String value) {
        if (!value.isEmpty()) {
            key(key);
            JsonText.quoteOctets(out, value);
        }
    }

    void list(String key, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        key(key);
        char before = '[';
        for (String value : values) {
            out.append(before);
            JsonText.quoteOctets(out, value);
            before = ',';
        }
        out.append(']');
    }

    private void key(String key) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append('"').append(key).append("\":");
    }

    @Override
    public String toString() {
        return out + "}";
    }
}
