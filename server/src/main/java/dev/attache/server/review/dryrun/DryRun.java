package dev.attache.server.review.dryrun;

import dev.attache.config.Diagnostic;
import dev.attache.config.SourceMap;
import dev.attache.config.load.LoadedConfig;
import dev.attache.proxy.explain.Explanation;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.FileDiscovery;
import dev.attache.server.review.Given;
import dev.attache.server.review.Review;
import dev.attache.server.review.useless.Useless;
import dev.attache.xds.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One configuration held against the one that serves. Used once, on a thread of its own. */
final class DryRun {

    private static final String RESTART =
            "a bootstrap is read at a start: what is said of connections holds for a restart, at"
                    + " which all connections drain";

    private final Assembly running;
    private final HeldDiscovery held;
    private final Explanation said = new Explanation();

    /**
     * @param running what serves, of which nothing is touched
     * @param held what it has of control planes and files
     */
    DryRun(Assembly running, HeldDiscovery held) {
        this.running = running;
        this.held = held;
    }

    Explanation of(Sent sent) {
        try (Assembly now =
                running.rehearse(new LoadedConfig<>(running.bootstrap(), SourceMap.NONE))) {
            Configuration before = Review.of(now, held);
            switch (sent) {
                case Sent.Whole whole -> whole(whole, before);
                case Sent.Resources resources -> resources(resources, now, before);
            }
        } catch (StartupException e) {
            throw new IllegalStateException("what serves does not compile again", e);
        }
        return said;
    }

    private void whole(Sent.Whole sent, Configuration before) {
        said.say("of", "bootstrap").say("note", RESTART);
        try (Assembly other = running.rehearse(sent.bootstrap())) {
            FilesOrHeld discovery = new FilesOrHeld(new FileDiscovery(other::response), held);
            compare(before, Review.of(other, discovery), other);
        } catch (StartupException e) {
            said.say("result", "refused");
            String why = String.valueOf(e.getMessage());
            why.lines().forEach(line -> said.item("refused").say("reason", line));
        }
    }

    private void resources(Sent.Resources sent, Assembly now, Configuration before) {
        said.say("of", sent.type().shortName());
        List<String> names = sent.resources().stream().map(Given::name).toList();
        said.say("resources", names.stream().limit(Explanation.MOST_ITEMS).toList());
        try (Assembly other =
                running.rehearse(new LoadedConfig<>(running.bootstrap(), SourceMap.NONE))) {
            boolean all = sent.all() && isRoot(sent.type());
            Configuration after = Review.of(other, held.with(sent.type(), sent.resources(), all));
            compare(before, after, now);
            unasked(names, sent, after);
        } catch (StartupException e) {
            throw new IllegalStateException("what serves does not compile again", e);
        }
    }

    /** Those of other types that a response leaves out stay. */
    private static boolean isRoot(ResourceType type) {
        return type.equals(ResourceType.CLUSTER) || type.equals(ResourceType.LISTENER);
    }

    /** Resources that are asked for by name, and are not. */
    private void unasked(List<String> names, Sent.Resources sent, Configuration after) {
        boolean routes = sent.type().shortName().equals("rds");
        boolean endpoints = sent.type().shortName().equals("eds");
        for (String name : names) {
            boolean unused =
                    routes && after.route(name) == null
                            || endpoints
                                    && after.endpoints().stream()
                                            .noneMatch(each -> each.name().equals(name));
            if (unused && after.errors().isEmpty()) {
                said.item("unused").say("name", name).say("reason", "nobody asks for it");
            }
        }
    }

    /**
     * @param compiling whose types the messages have
     */
    private void compare(Configuration before, Configuration after, Assembly compiling) {
        List<Diagnostic> errors = new ArrayList<>(after.errors());
        errors.removeAll(before.errors());
        said.say("result", errors.isEmpty() ? "accepted" : "refused");
        Set<String> refused = new HashSet<>();
        said.empty("refused");
        for (Diagnostic error : errors) {
            refused.add(error.resource());
            diagnostic(error, "refused");
        }
        new ConfigurationDiff(before, after, running.stats(), refused, said).say();
        said.empty("warming");
        List<Configuration.Awaited> awaited = new ArrayList<>(after.awaited());
        awaited.removeAll(before.awaited());
        awaited.forEach(each ->
                said.item("warming").say("resource", each.owner()).say("waits_for", each.what()));
        if (errors.isEmpty()) {
            useless(before, after, compiling);
        }
    }

    private void useless(Configuration before, Configuration after, Assembly compiling) {
        said.empty("useless");
        Set<String> known = new HashSet<>();
        Useless.in(before, compiling.types()).forEach(each -> known.add(each.render()));
        List<Diagnostic> all = new ArrayList<>(after.warnings());
        all.removeAll(before.warnings());
        all.addAll(Useless.in(after, compiling.types()));
        for (Diagnostic each : all) {
            diagnostic(each, "useless").say("already", known.contains(each.render()));
        }
    }

    private Explanation diagnostic(Diagnostic diagnostic, String list) {
        Explanation item = said.item(list);
        item.say("resource", diagnostic.resource())
                .say("field", diagnostic.fieldPath())
                .say("position", diagnostic.position() == null ? null : "" + diagnostic.position())
                .say("reason", diagnostic.message())
                .say("remedy", diagnostic.remedy());
        return item;
    }
}
