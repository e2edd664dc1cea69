"""Everything that is held on one supplier, taken together: to answer its question, or before it is erased."""

from app.supplier_data.finding import SupplierData, SupplierUnknown, find_data
from app.supplier_data.writing import Exported, FolderInUse, write_data

__all__ = ["Exported", "FolderInUse", "SupplierData", "SupplierUnknown", "find_data", "write_data"]
