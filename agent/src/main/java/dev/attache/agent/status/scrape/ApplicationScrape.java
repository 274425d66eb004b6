package dev.attache.agent.status.scrape;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.net.URI;

/** Asks the application for its metrics, as Prometheus would. On a virtual thread; blocks. */
final class ApplicationScrape {

    private static final int MOST_REDIRECTS = 10;

    private ApplicationScrape() {}

    /** The answer, of 200; to be closed. */
    static HttpReply ask(ScrapeTargets.Target target, ScrapeRequest asked, String accept)
            throws IOException {
        String host = "localhost";
        int port = target.port();
        String path = target.path().startsWith("/") ? target.path() : "/" + target.path();
        Deadline deadline = Deadline.in(asked.limit());
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpReply reply = one(host, port, path, asked, accept, deadline);
            String location = reply.fields().get("Location");
            if (reply.status() == 200) {
                return reply;
            }
            reply.close();
            if (location == null || reply.status() < 300 || reply.status() > 399) {
                throw new IOException(failed(target) + ", status code: " + reply.status());
            }
            URI next = resolved("http://" + HttpCall.hostAndPort(host, port) + path, location);
            host = next.getHost();
            port = next.getPort() < 0 ? 80 : next.getPort();
            String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
            path = (next.getRawPath().isEmpty() ? "/" : next.getRawPath()) + query;
        }
        throw new IOException(failed(target) + ": stopped after 10 redirects");
    }

    private static URI resolved(String from, String location) throws IOException {
        try {
            URI next = URI.create(from).resolve(location);
            if (!"http".equals(next.getScheme()) || next.getHost() == null) {
                throw new IOException("error scraping: redirected to " + next);
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw new IOException("error scraping: redirected to " + location, e);
        }
    }

    private static HttpReply one(
            String host, int port, String path, ScrapeRequest asked, String accept, Deadline limit)
            throws IOException {
        HttpCall call = HttpCall.get(host, port, path);
        call.fields().set("Accept", accept);
        call.fields()
                .set(
                        "User-Agent",
                        asked.userAgent().isEmpty() ? "Go-http-client/1.1" : asked.userAgent());
        if (!asked.timeoutSeconds().isEmpty()) {
            call.fields().set("X-Prometheus-Scrape-Timeout-Seconds", asked.timeoutSeconds());
        }
        try {
            return call.send(limit);
        } catch (IOException e) {
            String url = "http://" + HttpCall.hostAndPort(host, port) + path;
            throw new IOException(
                    "error scraping " + url + ": Get \"" + url + "\": " + e.getMessage(), e);
        }
    }

    private static String failed(ScrapeTargets.Target target) {
        return "error scraping http://localhost:" + target.port() + target.path();
    }
}
