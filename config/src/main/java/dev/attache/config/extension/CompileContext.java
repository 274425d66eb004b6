package dev.attache.config.extension;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.SourceFiles;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.validate.Findings;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a compilation stands: the field path, where to report, and what all compilations share. A
 * context is cheap; each nested field gets its own. Lives as long as the compilation, on one
 * thread.
 *
 * <p>Longer than files here should be: it is what every compiler has at hand, and they shall not
 * have to know of more.
 */
public final class CompileContext {
    private final CompileSettings settings;
    private final Diagnostics diagnostics;
    private final CompileAttachments attachments;
    private final WalkedMessages walked;

    /** Where the field stands; null where the path is known. */
    private final @Nullable CompileContext holder;

    private final String field;

    /** Of an item; negative where the field is meant. */
    private final int index;

    /** Written out when somebody asks: of most fields there is nothing to say. */
    private @Nullable String path;

    private CompileContext(
            CompileSettings settings,
            Diagnostics diagnostics,
            String path,
            CompileAttachments attachments,
            WalkedMessages walked) {
        this.settings = settings;
        this.diagnostics = diagnostics;
        this.attachments = attachments;
        this.walked = walked;
        this.holder = null;
        this.field = "";
        this.index = -1;
        this.path = path;
    }

    private CompileContext(CompileContext holder, String field, int index) {
        this.settings = holder.settings;
        this.diagnostics = holder.diagnostics;
        this.attachments = holder.attachments;
        this.walked = holder.walked;
        this.holder = holder;
        this.field = field;
        this.index = index;
    }

    /** The context of a resource as a whole. */
    public static CompileContext root(CompileSettings settings, Diagnostics diagnostics) {
        return new CompileContext(
                settings, diagnostics, "", new CompileAttachments(), new WalkedMessages(false));
    }

    public CompileSettings settings() {
        return settings;
    }

    public Diagnostics diagnostics() {
        return diagnostics;
    }

    public String path() {
        String written = path;
        if (written == null) {
            StringBuilder text = new StringBuilder();
            write(text);
            written = text.toString();
            path = written;
        }
        return written;
    }

    private void write(StringBuilder text) {
        if (path != null || holder == null) {
            text.append(path);
            return;
        }
        holder.write(text);
        if (!text.isEmpty()) {
            text.append('.');
        }
        text.append(field);
        if (index >= 0) {
            text.append('[').append(index).append(']');
        }
    }

    /** What the compilation of this resource notes beside its spec. */
    public CompileAttachments attachments() {
        return attachments;
    }

    public CompileContext at(String field) {
        return new CompileContext(this, field, -1);
    }

    public CompileContext at(String field, int index) {
        return new CompileContext(this, field, index);
    }

    public CompileContext at(String field, String key) {
        return at(field + "[\"" + key + "\"]");
    }

    /** Reports an error at this context's path. */
    public void error(String message) {
        diagnostics.error(path(), message);
    }

    public void error(String message, String remedy) {
        diagnostics.error(path(), message, remedy);
    }

    /**
     * Notes that what is compiled waits for another resource, and reports if this process is not
     * named well enough to ask for any.
     */
    public void awaits(ResourceDependency dependency) {
        requireNode(dependency.typeUrl());
        attachments.dependsOn(dependency);
    }

    /** Reports if the source at this context's path names a file that is not there. */
    public void existing(ConfigSource source) {
        String problem = SourceFiles.problem(source);
        if (problem != null) {
            at(SourceFiles.field(source)).error(problem);
        }
    }

    /**
     * Reports if the node has no name: Envoy subscribes to nothing then, not even to a file.
     *
     * @param subscriber who subscribes, for the text
     */
    public void requireNode(String subscriber) {
        if (!settings.hasNode()) {
            error(nodeRequired(subscriber));
        }
    }

    /** Envoy's words for a node without a name. */
    public static String nodeRequired(String subscriber) {
        return subscriber
                + ": node 'id' and 'cluster' are required. Set it either in 'node' config or via"
                + " --service-node and --service-cluster options.";
    }

    /** Nothing more is to be said about a field at this context's path. */
    public void settle(String field) {
        diagnostics.settle(at(field).path());
    }

    public void warning(String message) {
        diagnostics.warning(path(), message);
    }

    /** The value, or the errors reported so far. */
    public <S> Compiled<S> result(@Nullable S value) {
        return diagnostics.result(value);
    }

    /**
     * Checks fields that nobody knows, constraints, deprecations and support of a message that
     * stands at this path, unless it was checked with what holds it.
     *
     * @return whether the message can be compiled. What cannot be honoured is reported and does not
     *     keep the rest from being looked at: nobody reads it
     */
    public boolean check(Message message) {
        return violations(message).isEmpty();
    }

    /** As {@link #check}, of a message that stands at this path and was walked through already. */
    public boolean check(Findings found) {
        return take(found).isEmpty();
    }

    /** As {@link #check}; says at which field paths constraints do not hold. */
    public List<String> violations(Message message) {
        List<String> known = walked.violations(path());
        return known == null ? take(settings.checker().check(message, path())) : known;
    }

    /** As {@link #check}, of the content of the Any at this path. */
    private boolean check(Message message, TypedConfig typed) {
        ByteString bytes = typed.struct() == null ? typed.bytes() : message.toByteString();
        return check(ApiTable.of(message), bytes);
    }

    private boolean check(MessageType type, ByteString bytes) {
        return take(settings.checker().check(type, bytes, path(), walked.fieldsKnown())).isEmpty();
    }

    private List<String> take(Findings findings) {
        findings.report(settings.unheeded(), settings.deprecated(), diagnostics);
        // One that is not worth a line still forbids compiling.
        List<String> violations = findings.violations();
        walked.add(path(), violations);
        return violations;
    }

    /** The Any's content if it is of the wanted type; else null with an error. */
    public <M extends Message> @Nullable M unpack(Any any, M prototype) {
        String wanted = ApiTable.of(prototype).fullName();
        TypedConfig config = TypedConfig.open(any, this);
        if (config == null || !isOf(config, wanted)) {
            return null;
        }
        CompileContext own = content(diagnostics);
        M message = config.read(prototype, own);
        return message != null && own.check(message, config) ? message : null;
    }

    /**
     * As {@link #unpack}, of a message that has no class.
     *
     * @param wanted its full name
     */
    public @Nullable Overlay overlay(Any any, String wanted) {
        TypedConfig config = TypedConfig.open(any, this);
        if (config == null || !isOf(config, wanted)) {
            return null;
        }
        return content(config, content(diagnostics));
    }

    /** A message without a class; null with the errors reported. */
    private static @Nullable Overlay content(TypedConfig config, CompileContext own) {
        ByteString bytes = config.bytes(own);
        String name = config.messageType();
        MessageType type = Objects.requireNonNull(ApiTable.message(name), name);
        return bytes != null && own.check(type, bytes) ? Overlay.checked(type, bytes) : null;
    }

    private boolean isOf(TypedConfig config, String wanted) {
        if (!config.messageType().equals(wanted)) {
            error("Unable to unpack as " + wanted + ": got " + config.messageType());
            return false;
        }
        return true;
    }

    /**
     * Compiles the extension that an Any configures.
     *
     * @param name the configuration's name for it; only for the error text
     * @return its spec, or null with the errors reported
     */
    public <S> @Nullable S extension(
            ExtensionCategory category, Class<S> specType, String name, Any config) {
        TypedConfig typed = TypedConfig.open(config, this);
        if (typed == null) {
            return null;
        }
        var factory = settings.registry().find(category, typed.messageType());
        if (factory == null) {
            missing(name, typed.messageType());
            return null;
        }
        long generation = settings.registry().generation(category, typed.messageType());
        if (generation != ExtensionRegistry.BUILT_IN) {
            attachments.uses(generation);
        }
        return compile(factory, typed, specType);
    }

    /**
     * Reports an extension that there is not, without a look at its settings.
     *
     * @param config without a type, the name says which is meant
     */
    public void existing(ExtensionCategory category, String name, Any config) {
        if (config.getTypeUrl().isEmpty()) {
            if (settings.registry().all().stream()
                    .noneMatch(entry ->
                            entry.key().category() == category
                                    && entry.wellKnownName().equals(name))) {
                missing(name, "");
            }
            return;
        }
        TypedConfig typed = TypedConfig.open(config, this);
        if (typed != null && settings.registry().find(category, typed.messageType()) == null) {
            missing(name, typed.messageType());
        }
    }

    /**
     * As {@link #extension}, by the versions before the one in use, the youngest first: for what
     * streams find that began with one of them, in a resource that listeners of different versions
     * use. One that cannot make anything of it makes nothing, and nothing is reported.
     */
    public <S> List<S> olderExtensions(ExtensionCategory category, Class<S> specType, Any config) {
        String type = TypedConfig.messageType(config);
        List<ExtensionRegistry.Older> older = settings.registry().older(category, type);
        if (older.isEmpty() || !attachments.isOutliving()) {
            return List.of();
        }
        List<S> specs = new ArrayList<>(older.size());
        for (ExtensionRegistry.Older each : older) {
            attachments.uses(each.generation());
            Diagnostics unheard = new Diagnostics(diagnostics.resource(), diagnostics.positions());
            CompileContext own =
                    new CompileContext(
                            settings,
                            unheard,
                            path(),
                            new CompileAttachments(),
                            new WalkedMessages(walked.covers(path())));
            TypedConfig typed = TypedConfig.open(config, own);
            S spec = typed == null ? null : own.compile(each.entry().compiler(), typed, specType);
            if (spec != null) {
                specs.add(spec);
            }
        }
        return specs;
    }

    /**
     * Reports that there is no extension for a configuration.
     *
     * @param name the configuration's name for it
     * @param messageType full name of its configuration message
     */
    public void missing(String name, String messageType) {
        String message =
                "Didn't find a registered implementation for '%s' with type URL: '%s'"
                        .formatted(name, messageType);
        if (settings.registry().knows(messageType)) {
            error(message, "it is an extension of another kind");
        } else {
            missing(message, EnvoyExtensions.hasType(messageType));
        }
    }

    /**
     * Reports a missing extension in words of its own.
     *
     * @param inEnvoy whether Envoy has such an extension
     */
    public void missing(String message, boolean inEnvoy) {
        error(message, EnvoyExtensions.remedy(inEnvoy));
    }

    /** Full name of the message that an Any configures, be it spelled out by a TypedStruct. */
    public static String messageType(Any config) {
        return TypedConfig.messageType(config);
    }

    /** Whether an extension of the category exists for the Any; reports nothing. */
    public boolean knowsExtension(ExtensionCategory category, Any config) {
        String type = TypedConfig.messageType(config);
        return settings.registry().entry(category, type) != null;
    }

    /** The well-known name of the extension for the Any, or the Any's type if there is none. */
    public String extensionName(ExtensionCategory category, Any config) {
        String type = TypedConfig.messageType(config);
        ExtensionEntry entry = settings.registry().entry(category, type);
        return entry == null ? type : entry.wellKnownName();
    }

    private <P extends Message, S> @Nullable S compile(
            ExtensionCompiler<P, ?> factory, TypedConfig typed, Class<S> specType) {
        Diagnostics found = new Diagnostics(diagnostics.resource(), diagnostics.positions());
        CompileContext own = content(found);
        Compiled<?> compiled;
        if (typed.struct() == null && factory instanceof SettingsCompiler<?> settings) {
            compiled = settings.compile(typed.bytes(), own);
        } else if (factory instanceof OverlayCompiler<?> newer) {
            Overlay proto = content(typed, own);
            compiled = proto == null ? own.result(null) : newer.compile(proto, own);
        } else {
            P proto = typed.read(factory.prototype(), this);
            if (proto == null) {
                return null;
            }
            compiled = own.check(proto, typed) ? factory.compile(proto, own) : own.result(null);
        }
        found.warnings().forEach(diagnostics::add);
        found.errors().forEach(diagnostics::add);
        takeMissing(compiled.warnings(), found.warnings());
        takeMissing(compiled.errors(), found.errors());
        return compiled instanceof Compiled.Ok<?>(var spec, var warnings) && !found.hasErrors()
                ? specType.cast(spec)
                : null;
    }

    /** Takes over what a factory returned without having reported it to its context. */
    private void takeMissing(List<Diagnostic> returned, List<Diagnostic> reported) {
        for (Diagnostic diagnostic : returned) {
            if (!reported.contains(diagnostic)) {
                diagnostics.add(diagnostic);
            }
        }
    }

    /**
     * The same place with attachments of its own, for a resource inside another such as bootstrap.
     */
    public CompileContext forResource() {
        return new CompileContext(settings, diagnostics, path(), new CompileAttachments(), walked);
    }

    /** The same place for the content of the Any that stands there. */
    private CompileContext content(Diagnostics into) {
        WalkedMessages within = new WalkedMessages(walked.covers(path()));
        return new CompileContext(settings, into, path(), attachments, within);
    }
}
