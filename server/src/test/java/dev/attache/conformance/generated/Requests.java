package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request in the making: one step of a script. */
final class Requests {
    private final Chance chance;
    private final Map<String, Object> spec = new LinkedHashMap<>();
    private final List<Object> headers = new ArrayList<>();
    private final String protocol;

    /** A request for a path, by HTTP/1 or HTTP/2. */
    Requests(Chance chance, String path) {
        this(chance, chance.of("h1", "h1", "h2"), path);
    }

    Requests(Chance chance, String protocol, String path) {
        this.chance = chance;
        this.protocol = protocol;
        spec.put("path", path);
    }

    Requests with(String key, Object value) {
        spec.put(key, value);
        return this;
    }

    Requests header(String line) {
        headers.add(line);
        return this;
    }

    /** A method, and a body where it has one. */
    Requests anyMethod(Integer... sizes) {
        String method = chance.of("GET", "GET", "POST", "POST", "PUT", "HEAD", "DELETE");
        spec.put("method", method);
        if (method.startsWith("P")) {
            body(chance.of(sizes));
        }
        return this;
    }

    Requests body(int size) {
        if (size > 0) {
            spec.put("body", Map.of("repeat", chance.of("x", "yz", "0"), "count", size));
            if (chance.in(25)) {
                spec.put("trailers", List.of("x-t: " + chance.of("1", "two")));
            } else if (chance.in(25) && protocol.equals("h1")) {
                spec.put("chunked", true);
            }
        }
        return this;
    }

    Requests grpc() {
        spec.put("method", "POST");
        header("content-type: " + chance.of("application/grpc", "application/grpc+proto"));
        header("te: trailers");
        spec.put("body", "\0\0\0\0\2ab");
        return this;
    }

    void addTo(Draft draft) {
        if (!headers.isEmpty()) {
            spec.put("headers", headers);
        }
        draft.step(protocol, spec);
    }
}
