package dev.attache.api.build;

import java.io.ByteArrayInputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;

/**
 * Fields that a message class does not have are kept as they come. What protobuf 4 does with them
 * for builders of protobuf 3's generator takes each for a possible extension, and asks for the
 * descriptors of the file and of all that it imports; messages of proto3 have no extensions.
 */
final class KeptFields {
    private static final String OLD_BUILDER = "com/google/protobuf/GeneratedMessageV3$Builder";
    private static final ClassDesc INPUT = ClassDesc.of("com.google.protobuf.CodedInputStream");
    private static final ClassDesc UNKNOWN =
            ClassDesc.of("com.google.protobuf.UnknownFieldSet$Builder");
    private static final String PARSE = "parseUnknownField";
    private static final MethodTypeDesc PARSING =
            MethodTypeDesc.of(
                    ConstantDescs.CD_boolean,
                    INPUT,
                    ClassDesc.of("com.google.protobuf.ExtensionRegistryLite"),
                    ConstantDescs.CD_int);
    private static final MethodTypeDesc MERGE =
            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_int, INPUT);

    private final ClassFile classFile;

    /**
     * @param messages all message classes, by their names with slashes
     * @param protobuf the classes of protobuf
     */
    KeptFields(Map<String, byte[]> messages, Map<String, byte[]> protobuf) {
        Map<String, byte[]> all = new HashMap<>(protobuf);
        all.putAll(messages);
        this.classFile = ClassFile.of(hierarchy(all));
    }

    /** Which class extends which, for who writes methods anew. */
    private static ClassFile.ClassHierarchyResolverOption hierarchy(Map<String, byte[]> all) {
        return ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(
                                type -> {
                                    String descriptor = type.descriptorString();
                                    byte[] code =
                                            all.get(
                                                    descriptor.substring(
                                                            1, descriptor.length() - 1));
                                    return code == null ? null : new ByteArrayInputStream(code);
                                })
                        .orElse(ClassHierarchyResolver.defaultResolver())
                        .cached());
    }

    /** A message's builder with that behaviour; any other class as it is. */
    byte[] rewrite(byte[] code) {
        ClassModel model = classFile.parse(code);
        if (model.superclass()
                .filter(type -> type.asInternalName().equals(OLD_BUILDER))
                .isEmpty()) {
            return code;
        }
        ClassDesc builder = model.thisClass().asSymbol();
        CodeTransform own =
                (CodeBuilder body, CodeElement element) -> {
                    if (element instanceof InvokeInstruction call
                            && call.opcode() == Opcode.INVOKESPECIAL
                            && call.name().equalsString(PARSE)) {
                        body.invokevirtual(builder, PARSE, PARSING);
                    } else {
                        body.with(element);
                    }
                };
        return classFile.transformClass(
                model,
                ClassTransform.transformingMethodBodies(own)
                        .andThen(
                                ClassTransform.endHandler(made ->
                                        made.withMethodBody(
                                                PARSE,
                                                PARSING,
                                                ClassFile.ACC_PROTECTED,
                                                body -> keep(body, builder)))));
    }

    private static void keep(CodeBuilder body, ClassDesc builder) {
        body.aload(0)
                .invokevirtual(builder, "getUnknownFieldSetBuilder", MethodTypeDesc.of(UNKNOWN))
                .iload(3)
                .aload(1)
                .invokevirtual(UNKNOWN, "mergeFieldFrom", MERGE)
                .ireturn();
    }
}
