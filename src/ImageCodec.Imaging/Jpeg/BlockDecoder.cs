namespace ImageCodec.Imaging.Jpeg;

/// <summary>Takes the blocks of a scan, one after the other.</summary>
internal abstract class BlockDecoder
{
    /// <summary>Whether blocks that are missing have to be left one by one.</summary>
    public virtual bool NeedsAllBlocks => false;

    /// <summary>Reads one block of one component.</summary>
    public abstract void Read(ref BitReader bits, Component component, int column, int row);

    /// <summary>Leaves a block that is missing as it is: what has come before, or else grey.</summary>
    public virtual void Leave(Component component, int column, int row)
    {
    }

    /// <summary>Goes back to the state at the beginning of a scan; the DC predictions are not its business.</summary>
    public virtual void Restart()
    {
    }

    /// <summary>A row of MCUs is complete.</summary>
    public virtual void EndMcuRow(int row)
    {
    }
}
