package dev.attache.conformance;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages of the admin interface at one moment: each is fetched once, however many cases ask. */
final class AdminPages {
    private final ProxyProcess proxy;
    private final Map<String, List<String>> fetched = new HashMap<>();

    AdminPages(ProxyProcess proxy) {
        this.proxy = proxy;
    }

    List<String> lines(String path) throws IOException, InterruptedException {
        List<String> lines = fetched.get(path);
        if (lines == null) {
            lines = proxy.admin("GET", path).body().lines().toList();
            fetched.put(path, lines);
        }
        return lines;
    }
}
