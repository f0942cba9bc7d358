using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ImageCodec.Packages.Tests;

/// <summary>All that an assembly shows to others, as text: one line for each type and member.</summary>
internal sealed class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(char)] = "char",
    };

    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>Lists an assembly.</summary>
    public static string Of(Assembly assembly)
    {
        PublicSurface surface = new();
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(surface.Describe(type)).Append('\n');
            foreach ((string signature, _) in surface.Members(type))
            {
                text.Append("    ").Append(signature).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The line for a type.</summary>
    public string Describe(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (IsReadOnly(type) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct"),
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<string> bases = type.GetInterfaces().Where(i => i.IsPublic).Select(i => Name(i)).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases = bases.Prepend(Name(parent));
        }

        string list = type.IsEnum ? "" : string.Join(", ", bases);
        return $"public {kind} {type.Namespace}.{Name(type)}{(list.Length == 0 ? "" : " : " + list)}";
    }

    /// <summary>The lines for a type's members, in their order.</summary>
    public IEnumerable<(string Signature, MemberInfo Member)> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => ($"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}", (MemberInfo)field))
                .OrderBy(member => member.Item1, StringComparer.Ordinal);
        }

        IEnumerable<(string Signature, MemberInfo)> members =
        [
            .. type.GetFields(Declared).Select(field => (
                $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType, _nullability.Create(field))} {field.Name}" +
                $"{(field.IsLiteral ? " = " + Value(field.GetRawConstantValue()) : "")}",
                (MemberInfo)field)),
            .. type.GetConstructors(Declared).Select(constructor => ($"{Plain(type)}({Parameters(constructor)})", (MemberInfo)constructor)),
            .. type.GetProperties(Declared).Select(property => (Describe(property), (MemberInfo)property)),
            .. type.GetMethods(Declared).Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
                .Select(method => (Describe(method), (MemberInfo)method)),
        ];
        return members.OrderBy(member => member.Signature, StringComparer.Ordinal);
    }

    private string Describe(PropertyInfo property)
    {
        string accessors = property.GetMethod is { IsPublic: true } ? " get;" : "";
        if (property.SetMethod is { IsPublic: true } setter)
        {
            bool isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors += isInit ? " init;" : " set;";
        }

        bool isStatic = (property.GetMethod ?? property.SetMethod)!.IsStatic;
        bool isRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Describe))}]" : "";
        return $"{(isStatic ? "static " : "")}{(isRequired ? "required " : "")}{Name(property.PropertyType, _nullability.Create(property))} {property.Name}{index} {{{accessors} }}";
    }

    private string Describe(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        string result = Name(method.ReturnType, _nullability.Create(method.ReturnParameter));
        return $"{(method.IsStatic ? "static " : "")}{result} {method.Name}{generic}({Parameters(method)})";
    }

    private string Parameters(MethodBase method)
    {
        string self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return self + string.Join(", ", method.GetParameters().Select(Describe));
    }

    private string Describe(ParameterInfo parameter)
    {
        string way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : "";
        string many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string usual = parameter.HasDefaultValue ? " = " + (parameter.DefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : Value(parameter.DefaultValue)) : "";
        return $"{way}{many}{Name(parameter.ParameterType, _nullability.Create(parameter))} {parameter.Name}{usual}";
    }

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        string mark = !type.IsValueType && nullability is { } info && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!, nullability?.ElementType) + "[]" + mark;
        }

        if (type.IsPointer)
        {
            return Name(type.GetElementType()!) + "*";
        }

        string name = Keywords.GetValueOrDefault(type) ?? Plain(type);
        if (type.IsGenericType)
        {
            NullabilityInfo[] inner = nullability?.GenericTypeArguments ?? [];
            name += $"<{string.Join(", ", type.GetGenericArguments().Select((a, i) => Name(a, i < inner.Length ? inner[i] : null)))}>";
        }

        return name + mark;
    }

    private static string Plain(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.IsNested && !type.IsGenericParameter ? $"{Plain(type.DeclaringType!)}.{name}" : name;
    }

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute));

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
