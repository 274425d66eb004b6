package dev.attache.agent;

import dev.attache.agent.command.LogFlags;
import dev.attache.agent.command.ProxyFlags;
import dev.attache.agent.command.UsageException;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.environment.FileFailures;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import dev.attache.server.log.Scopes;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code proxy}: runs an agent until it ends, or a signal ends it. */
final class ProxyRun {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private ProxyRun() {}

    static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            ProxyFlags flags = ProxyFlags.parse(arguments);
            log(flags.log());
            AgentPlan plan =
                    new AgentPlans(flags, Environment.ofProcess(), AgentFiles.ofProcess()).make();
            try (Agent agent = new Agent(plan)) {
                signals(agent);
                agent.run();
            }
            return 0;
        } catch (ProxyFlags.HelpWanted e) {
            out.print(ProxyFlags.USAGE);
            return 0;
        } catch (IOException e) {
            return failed(FileFailures.words(e), err);
        } catch (UsageException | IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()), err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AgentMain.FAILED;
        } finally {
            Logging.flush();
        }
    }

    private static int failed(String why, PrintStream err) {
        LOG.error("{}", why);
        Logging.flush();
        err.println("Error: " + why);
        return AgentMain.FAILED;
    }

    /** The agent's log as flags want it; the proxy's lines go to standard error. */
    private static void log(LogFlags flags) throws IOException {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        flags.levels().forEach((scope, level) -> levels.put(scope, level(level)));
        Scopes.open(
                new Scopes.Settings(
                        flags.json(), flags.targets(), levels, Set.copyOf(flags.callers())));
    }

    private static LogLevel level(String name) {
        return switch (name) {
            case "debug" -> LogLevel.DEBUG;
            case "warn" -> LogLevel.WARNING;
            case "error" -> LogLevel.ERROR;
            case "fatal" -> LogLevel.CRITICAL;
            case "none" -> LogLevel.OFF;
            default -> LogLevel.INFO;
        };
    }

    private static void signals(Agent agent) {
        Map.of("TERM", "terminated", "INT", "interrupt")
                .forEach((name, word) ->
                        Signal.handle(
                                new Signal(name),
                                signal -> agent.shutdown("received signal: " + word)));
        Signal.handle(new Signal("USR1"), signal -> agent.reopenLogs());
        Signal.handle(new Signal("HUP"), signal -> LOG.info("SIGHUP has no effect"));
    }
}
