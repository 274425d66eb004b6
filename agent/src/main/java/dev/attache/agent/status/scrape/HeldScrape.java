package dev.attache.agent.status.scrape;

import dev.attache.agent.document.Json;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one of several applications said. Held whole, for the end that OpenMetrics writes has to go
 * from all but the page.
 *
 * @param body null where it could not be had
 */
record HeldScrape(MetricsFormat format, byte @Nullable [] body) {

    /** Bytes of a body; what is longer is dropped. */
    static final int MOST = 10 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String END = "# EOF";

    /**
     * All of them at once, in the order of their targets.
     *
     * @throws ScrapeRoom.Full when they are large and others were all the time
     */
    static List<HeldScrape> all(
            List<ScrapeTargets.Target> targets,
            ScrapeRequest asked,
            DoubleAdder failures,
            ScrapeRoom.Place place)
            throws IOException {
        List<FutureTask<HeldScrape>> running = new ArrayList<>();
        for (ScrapeTargets.Target target : targets) {
            FutureTask<HeldScrape> task =
                    new FutureTask<>(() -> of(target, asked, failures, place));
            running.add(task);
            Thread.ofVirtual().name("scrape").start(task);
        }
        List<HeldScrape> held = new ArrayList<>();
        ScrapeRoom.@Nullable Full full = null;
        for (FutureTask<HeldScrape> task : running) {
            try {
                held.add(task.get());
            } catch (ExecutionException e) {
                full = e.getCause() instanceof ScrapeRoom.Full none ? none : full;
                if (full == null) {
                    throw new IOException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        if (full != null) {
            throw full;
        }
        return held;
    }

    private static HeldScrape of(
            ScrapeTargets.Target target,
            ScrapeRequest asked,
            DoubleAdder failures,
            ScrapeRoom.Place place)
            throws ScrapeRoom.Full {
        String accept = AcceptedTypes.of(asked.accept(), AcceptedTypes.OF_APPLICATIONS);
        String name = Json.quote(Integer.toString(target.port())) + ":" + Json.quote(target.path());
        try (HttpReply reply = ApplicationScrape.ask(target, asked, accept)) {
            byte[] body = body(reply.body(), place);
            if (body.length <= MOST) {
                MetricsFormat format = MetricsFormat.of(reply.fields().text("Content-Type"));
                return new HeldScrape(format, body);
            }
            LOG.warn("scrape target {}: response exceeds {} bytes; dropping target", name, MOST);
        } catch (ScrapeRoom.Full e) {
            throw e;
        } catch (IOException e) {
            LOG.error("scrape target {}: scrape failed: {}", name, e.getMessage());
        }
        failures.add(1);
        return new HeldScrape(MetricsFormat.TEXT, null);
    }

    /** Up to one byte more than may be. */
    private static byte[] body(InputStream from, ScrapeRoom.Place place) throws IOException {
        byte[] first = from.readNBytes(place.small());
        if (first.length < place.small()) {
            return first;
        }
        place.holdMuch();
        byte[] rest = from.readNBytes(MOST + 1 - first.length);
        byte[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /** That of all who answered; text where they differ or nobody did. */
    static MetricsFormat format(List<HeldScrape> held) {
        List<MetricsFormat> formats =
                held.stream()
                        .filter(scrape -> scrape.body() != null)
                        .map(HeldScrape::format)
                        .distinct()
                        .toList();
        return formats.size() == 1 ? formats.getFirst() : MetricsFormat.TEXT;
    }

    /** Without the end, and with an end of its last line. */
    void writeTo(OutputStream out) throws IOException {
        byte[] all = body;
        if (all == null) {
            return;
        }
        int length = withoutEnd(all);
        out.write(all, 0, length);
        if (length > 0 && all[length - 1] != '\n') {
            out.write('\n');
        }
    }

    private static int withoutEnd(byte[] all) {
        int length = all.length;
        while (length > 0 && " \t\r\n".indexOf(all[length - 1]) >= 0) {
            length--;
        }
        int start = length - END.length();
        boolean ends =
                start >= 0
                        && new String(all, start, END.length(), StandardCharsets.US_ASCII)
                                .equals(END);
        return ends ? start : all.length;
    }
}
