package dev.attache.examples.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** One instance of the service: says its version and who called. */
final class ShopApp implements AutoCloseable {

    private final HttpServer server;

    ShopApp(String name, String version) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String caller =
                            exchange.getRequestHeaders().getFirst("x-forwarded-client-cert");
                    byte[] body =
                            ("shop " + version + " (" + name + "), called by " + caller + "\n")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("x-shop-version", version);
                    exchange.getResponseHeaders().set("x-shop-instance", name);
                    exchange.sendResponseHeaders(200, body.length);
                    try (var out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
