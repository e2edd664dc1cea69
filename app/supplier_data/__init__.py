"""Everything that is held on one supplier, taken together: to answer its question, or to end it."""

from app.supplier_data.claiming import Claiming
from app.supplier_data.erasing import Erased, entry_of, erase, tenant_of
from app.supplier_data.finding import SupplierData, SupplierUnknown, find_data
from app.supplier_data.report import render
from app.supplier_data.writing import Exported, FolderInUse, write_data

__all__ = [
    "Claiming",
    "Erased",
    "Exported",
    "FolderInUse",
    "SupplierData",
    "SupplierUnknown",
    "entry_of",
    "erase",
    "find_data",
    "render",
    "tenant_of",
    "write_data",
]
