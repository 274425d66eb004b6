package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.review.Configuration;
import java.util.ArrayList;
import java.util.List;

/** Finds what is valid and useless. Pure. */
public final class Useless {

    private Useless() {}

    /**
     * In the order in which it stands in the configuration, kind by kind.
     *
     * @param types of the messages within messages
     */
    public static List<Diagnostic> in(Configuration configuration, TypeRegistry types) {
        List<Diagnostic> found = new ArrayList<>();
        ConnectionManagers managers = ConnectionManagers.of(configuration);
        for (UsedTable table : managers.tables()) {
            UnreachedRoutes.find(table, found::add);
            UnaskedDomains.find(table, found::add);
            IdleRetries.find(table, found::add);
            HiddenTimeouts.find(table, found::add);
        }
        HiddenChains.find(configuration, found::add);
        UnusedResources.find(configuration, types, found::add);
        return found;
    }
}
