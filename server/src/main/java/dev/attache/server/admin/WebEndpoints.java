package dev.attache.server.admin;

import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.web.WebInterface;
import dev.attache.server.admin.web.WebSource;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.WebOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The page for people, which nothing is made of until somebody opens it. Main loop. */
final class WebEndpoints {

    private final AdminSubject server;
    private final Function<AdminRequest, AdminAnswer> others;
    private @Nullable WebInterface web;

    /**
     * @param others the pages of Envoy and our own
     */
    WebEndpoints(AdminSubject server, Function<AdminRequest, AdminAnswer> others) {
        this.server = server;
        this.others = others;
    }

    /** Known without the classes of the page. */
    static boolean own(String path) {
        return path.equals("/ui") || path.startsWith("/ui/");
    }

    /** Whether a request is for a file of the page, which tells nothing of this proxy. */
    static boolean isFile(AdminRequest request) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads && own(request.path()) && WebInterface.isFile(request.path());
    }

    AdminAnswer handle(AdminRequest request) {
        WebInterface opened = web;
        if (opened == null) {
            opened =
                    new WebInterface(
                            new WebSource(
                                    server.stats(),
                                    server.lifecycle(),
                                    server.options().concurrency(),
                                    () -> server.plane().clusters().serving(),
                                    settings(server.options())),
                            others);
            web = opened;
        }
        return opened.answer(request);
    }

    /** A port that is read-only is so for the page as well. */
    private static WebOptions settings(ServerOptions options) {
        WebOptions web = options.web();
        return new WebOptions(web.writes() && !options.admin().readOnly(), web.hosts());
    }
}
