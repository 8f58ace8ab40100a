namespace Quotient.Backends;

/// <summary>A device, or its driver, failed: the message names the call, the code and the device.</summary>
public class DeviceException(string message) : Exception(message);

/// <summary>A device, or the host, has too little memory left; the caller may go on with smaller chunks.</summary>
public sealed class DeviceOutOfMemoryException(string message) : DeviceException(message);
