package dev.attache.server.admin;

import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.web.WebInterface;
import dev.attache.server.admin.web.WebSource;
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
                                    server.options().web()),
                            others);
            web = opened;
        }
        return opened.answer(request);
    }
}
