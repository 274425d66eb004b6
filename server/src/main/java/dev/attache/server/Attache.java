package dev.attache.server;

import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.Signals;
import dev.attache.server.lifecycle.Version;
import dev.attache.server.log.Critical;
import dev.attache.server.log.Logging;
import dev.attache.server.restart.HotRestart;
import dev.attache.server.restart.NextProcess;
import dev.attache.server.restart.RestartException;
import dev.attache.xds.stream.LocalServices;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code attache}: Envoy's flags, Envoy's exit codes. */
public final class Attache {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private Attache() {}

    /** Runs until a signal or the admin port ends it. */
    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler((thread, why) ->
                LOG.error(Critical.MARKER, "thread '{}' failed", thread.getName(), why));
        int code = ProcessExit.REFUSED;
        try {
            code = run(System.out, System.err, arguments);
        } catch (RuntimeException | Error e) {
            LOG.error(Critical.MARKER, "starting failed; the process ends", e);
        } finally {
            // Threads may be left that would keep the process: this is its end all the same.
            ProcessExit.now(code);
        }
    }

    /**
     * Runs the command until it is asked to end, and returns its exit code. For a process that is
     * this proxy: signals are taken, and what cannot go on ends the process.
     */
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        String program = System.getProperty("attache.program", "attache");
        CommandLine.Result parsed = CommandLine.parse(program, Version.told(), arguments);
        if (parsed instanceof CommandLine.Result.Run run) {
            return run(out, run.options(), arguments);
        }
        CommandLine.Result.Exit exit = (CommandLine.Result.Exit) parsed;
        out.print(exit.standardOutput());
        out.flush();
        err.print(exit.standardError());
        err.flush();
        return exit.code();
    }

    private static int run(PrintStream out, ServerOptions options, String... arguments) {
        try {
            configureLog(options);
            options.notes().forEach(note -> LOG.info("{}", note));
            return switch (options.mode()) {
                case VALIDATE -> validate(out, options);
                case SERVE, INIT_ONLY -> serve(options, arguments);
            };
        } catch (StartupException e) {
            LOG.error(
                    Critical.MARKER,
                    "error initializing configuration '{}': {}",
                    options.configPath(),
                    e.getMessage());
            return 1;
        } catch (IOException | RestartException e) {
            LOG.error(Critical.MARKER, "error: {}", e.getMessage());
            return 1;
        }
    }

    private static int validate(PrintStream out, ServerOptions options) throws StartupException {
        Validation.run(options);
        out.println("configuration '" + options.configPath() + "' OK");
        out.flush();
        return 0;
    }

    private static int serve(ServerOptions options, String... arguments)
            throws StartupException, RestartException {
        HotRestart row = HotRestart.begin(options);
        long epoch = options.restart().restartEpoch();
        LOG.info(
                "initializing epoch {} (base id={}, hot restart version={})",
                epoch,
                row.baseId(),
                row.version());
        AttacheServer server =
                AttacheServer.start(options, LocalServices.NONE, row, ProcessExit.OF_THE_PROCESS);
        NextProcess next =
                new NextProcess(
                        arguments,
                        epoch,
                        row.baseId(),
                        server.supervisor(),
                        server::replaced,
                        server::successorEnded);
        boolean restarts = row.enabled() && server.supervisor().listens();
        Signals.handle(
                server::drainAndShutdown,
                ProcessExit.OF_THE_PROCESS::end,
                () -> {
                    Logging.reopen();
                    server.reopenLogs();
                },
                restarts ? () -> restart(server, next) : null);
        LOG.info("starting main dispatch loop");
        try {
            if (options.mode() == ServerOptions.Mode.INIT_ONLY) {
                server.awaitLive(Duration.ofDays(1));
                server.close();
            }
            server.awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.close();
        }
        return server.lifecycle().failure() == null ? 0 : 1;
    }

    private static void restart(AttacheServer server, NextProcess next) {
        if (server.replaced()) {
            LOG.warn("another process serves in place of this one: nothing is started");
        } else if (server.lifecycle().ending()) {
            LOG.warn("this process was asked to end: nothing is started");
        } else {
            next.start();
        }
    }

    /**
     * Sets levels, format and file of the process's log as the flags say.
     *
     * @throws IOException if the file cannot be written
     */
    public static void configureLog(ServerOptions options) throws IOException {
        Logging.setLevel(options.logLevel());
        options.componentLogLevels().forEach(Logging::setLevel);
        Logging.setFormat(options.logFormat(), options.logFormatEscaped(), Version.ENVOY);
        Logging.setPath(options.logPath());
    }
}
